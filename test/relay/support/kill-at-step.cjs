// Loaded before a relay: kills the process at one step of its work on a delivery. Steps are what it asks of the world: calls of the
// file system and of GitLab, and its answer. Each counts twice, before it is done and after. With TELL_STEPS it names them, and lives.
const fs = require("node:fs");
const files = require("node:fs/promises");
const http = require("node:http");

const { KILL_AT, TELL_STEPS, CLOCK_AHEAD_MS } = process.env;
const target = KILL_AT === undefined ? Number.POSITIVE_INFINITY : Number(KILL_AT);
let [armed, steps] = [false, 0];
const seen = {};

function step(name, moment) {
  if (!armed) return;
  steps += 1;
  if (moment === "before") seen[name] = (seen[name] ?? 0) + 1;
  if (TELL_STEPS) fs.writeSync(2, `step ${name} ${seen[name]} ${moment}\n`);
  if (steps !== target) return;
  fs.writeSync(2, `killed at ${name} ${seen[name]} ${moment}\n`);
  process.kill(process.pid, "SIGKILL");
  // The signal is on its way; nothing may happen meanwhile.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function watched(name, call) {
  return async (...args) => {
    step(name, "before");
    try {
      return await call(...args);
    } finally {
      step(name, "after");
    }
  };
}

for (const name of ["link", "mkdir", "readdir", "readFile", "rm"]) files[name] = watched(name, files[name]);
const open = watched("open", files.open);
files.open = async (...args) => {
  const handle = await open(...args);
  for (const name of ["writeFile", "sync", "close"]) handle[name] = watched(name, handle[name].bind(handle));
  return handle;
};
globalThis.fetch = watched("fetch", globalThis.fetch);

const { end } = http.ServerResponse.prototype;
http.ServerResponse.prototype.end = function watchedEnd(...args) {
  step("answer", "before");
  const result = end.apply(this, args);
  step("answer", "after");
  return result;
};
const { emit } = http.Server.prototype;
http.Server.prototype.emit = function watchedEmit(event, ...args) {
  if (event === "request" && args[0].url === "/events") armed = true;
  return emit.call(this, event, ...args);
};

// Event Grid comes again minutes later: a clock that is ahead stands for that.
const { now } = Date;
const ahead = Number(CLOCK_AHEAD_MS ?? 0);
Date.now = () => now() + ahead;
