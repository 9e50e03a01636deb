// Every check of the component, side by side; prints only what failed. The flavours must lie in built/ already.

import { spawn } from "node:child_process";

const TOOLS = [
  ["eslint", "module", "built", "checks"],
  ["prettier", "--check", "module", "component", "checks"],
  ["ember-template-lint", "built/**/*.{gjs,hbs}"],
  ["ember-tsc", "-b"],
  ["node", "checks/compile-for-3.1.mjs"],
];

/**
 * @param {string[]} words
 * @returns {Promise<boolean>} whether it found nothing wrong
 */
function run([tool, ...rest]) {
  const command =
    tool === "node" ? process.execPath : `node_modules/.bin/${tool}`;
  const child = spawn(command, rest, {
    cwd: new URL("..", import.meta.url),
    stdio: ["ignore", "pipe", "pipe"],
  });
  /** @type {string[]} */
  const said = [];
  child.stdout.on("data", (piece) => said.push(`${piece}`));
  child.stderr.on("data", (piece) => said.push(`${piece}`));
  return new Promise((done) => {
    child.on("error", (error) => {
      process.stdout.write(`${tool}: ${error.message}\n`);
      done(false);
    });
    child.on("close", (code) => {
      if (code !== 0) {
        process.stdout.write(`${tool} ${rest.join(" ")}\n${said.join("")}\n`);
      }
      done(code === 0);
    });
  });
}

const right = await Promise.all(TOOLS.map(run));
process.exitCode = right.every(Boolean) ? 0 : 1;
