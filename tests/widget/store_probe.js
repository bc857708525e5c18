// Runs in the page: the store and the reader of the stream, fed with repeats, a gap, and torn bytes.
async () => {
  const { TalkStore, GapError } = await import("/v1/talk-store.js");
  const { EventLines } = await import("/v1/feed.js");
  const event = (seq) => ({
    seq,
    type: "message",
    message: { id: `m${seq}`, author: "bot", text: `é${seq} \u{1F319}` },
  });
  const events = [1, 2, 3, 4].map(event);
  const text = (store) => JSON.stringify(store.messages);

  const whole = new TalkStore();
  whole.apply(events);

  const twice = new TalkStore();
  twice.apply(events.slice(0, 3));
  twice.apply(events);

  const gap = new TalkStore();
  let stopped = false;
  try {
    gap.apply([events[0], events[2]]);
  } catch (error) {
    stopped = error instanceof GapError;
  }

  const framed = events.map((e) => `id: ${e.seq}\r\ndata: ${JSON.stringify(e)}\r\n\r\n`);
  const bytes = new TextEncoder().encode(`: hoi\n\n${framed.join("")}`);
  const cut = new TalkStore();
  const reader = new EventLines();
  for (let i = 0; i < bytes.length; i += 7) cut.apply(reader.take(bytes.slice(i, i + 7)));

  return {
    twice: text(twice) === text(whole),
    cut: text(cut) === text(whole),
    stopped,
    kept: gap.seq,
  };
};
