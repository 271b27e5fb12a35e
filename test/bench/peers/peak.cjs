// Loaded before a program: writes into the file that PEAK_FILE names how much memory the process had at most, in KiB.
const { writeFileSync } = require("node:fs");

process.on("exit", () => writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));
