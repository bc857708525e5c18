/** The console's own script: puts the parts to work. Every part does without the others. */

import { startAlarm } from "./alarm.js";
import { startClocks } from "./clocks.js";
import { startDialogs } from "./dialogs.js";
import { startShortcuts } from "./shortcuts.js";
import { startStream } from "./stream.js";
import { startThread } from "./thread.js";
import { startTools } from "./tools.js";
import { startWriting } from "./writing.js";

for (const start of [startClocks, startDialogs, startStream, startAlarm, startThread, startTools, startWriting, startShortcuts]) {
  try {
    start();
  } catch (error) {
    console.error("A part of the console did not start", error); // the others still must
  }
}
