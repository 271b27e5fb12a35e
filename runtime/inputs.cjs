// What a bundle was made from, and whether it is still so.
const { hash } = require("node:crypto");
const { readFileSync, statSync } = require("node:fs");
const { join } = require("node:path");

/** Some file systems count whole seconds: a file may change once more without its time telling. */
const YOUNG_MS = 2_000;

/**
 * @typedef {object} Input
 * @property {string} file relative to the root
 * @property {number} size bytes
 * @property {number | null} changed the time of its last change in ms since 1970; null where that is not worth trusting
 * @property {string} sum SHA-256 of its content in base64; empty where it is not known what the bundle has of it
 */

const sumOf = (path) => hash("sha256", readFileSync(path), "base64");

const changedOf = ({ mtimeMs }) => (mtimeMs > Date.now() - YOUNG_MS ? null : mtimeMs);

/**
 * The inputs of a bundle that has just been made.
 *
 * @param {string} root
 * @param {string[]} files relative to it
 * @param {number} started when the bundler did, in ms since 1970
 * @returns {Input[]}
 */
exports.inputsOf = function inputsOf(root, files, started) {
  return files.map((file) => {
    const path = join(root, file);
    const now = statSync(path);
    // Edited meanwhile: before it was read, or after. (The clock has no parts of a millisecond.)
    const unclear = now.mtimeMs >= started && now.mtimeMs < Date.now() + 1;
    return { file, size: now.size, changed: changedOf(now), sum: unclear ? "" : sumOf(path) };
  });
};

/**
 * The same inputs with their times of now, or undefined where one is another than it was. Only a file whose time differs is read: all are in
 * a container's image, whose layers keep whole seconds, and after a switch of branches and back.
 *
 * @param {string} root
 * @param {Input[]} inputs
 * @returns {Input[] | undefined}
 */
exports.unchanged = function unchanged(root, inputs) {
  const now = [];
  for (const input of inputs) {
    const path = join(root, input.file);
    const state = statSync(path);
    if (state.size !== input.size) return undefined;
    if (state.mtimeMs === input.changed) now.push(input);
    else if (sumOf(path) === input.sum) now.push({ ...input, changed: changedOf(state) });
    else return undefined;
  }
  return now;
};
