/** Says in words where the talk stands: with a chatbot, waiting, with a human, or over. */

/**
 * @param {import("./talk-store.js").Standing} standing
 * @param {Record<string, string>} words
 * @returns {string}
 */
export function standingWords({ state, opens, name }, words) {
  switch (state) {
    case "waiting":
      return words.state_waiting;
    case "waiting_closed":
      return opens ? words.state_waiting_closed.replace("{opent}", opens) : words.state_waiting_closed_unknown;
    case "live":
    case "live_lost_youth":
      return name ? words.state_live.replace("{naam}", name) : words.state_live_unnamed;
    case "live_lost_staff":
      return words.state_lost_staff;
    case "wrap_up":
    case "closed":
    case "left":
      return words.state_closed;
    default:
      return words.state_bot;
  }
}
