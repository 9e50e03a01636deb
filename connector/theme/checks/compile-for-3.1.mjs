// Compiles the files of the flavour for 3.1 as that core does when it imports them: templates by Ember 3.28, scripts into
// AMD. The forum itself answers 201 whatever they hold, and tells of a mistake only in its readers' browsers.

import { transformSync } from "@babel/core";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const templates = require("ember-source/dist/ember-template-compiler.js");

const ROOT = new URL("../built/3.1/", import.meta.url).pathname;
const AS_THAT_CORE = {
  babelrc: false,
  configFile: false,
  plugins: [
    require.resolve("@babel/plugin-transform-class-properties"),
    require.resolve("@babel/plugin-transform-modules-amd"),
  ],
};

/** @type {Record<string, (text: string) => unknown>} */
const COMPILERS = {
  hbs: (text) => templates.precompile(text, { strictMode: false }),
  js: (text) => transformSync(text, AS_THAT_CORE),
};

let compiled = 0;
for (const name of readdirSync(ROOT, { recursive: true, encoding: "utf8" })) {
  const compile = COMPILERS[name.split(".").pop() ?? ""];
  if (compile) {
    try {
      compile(readFileSync(join(ROOT, name), "utf8"));
      compiled += 1;
    } catch (error) {
      process.stdout.write(`built/3.1/${name}: ${error.message}\n`);
      process.exitCode = 1;
    }
  }
}
if (compiled < 5) {
  process.stdout.write(`only ${compiled} files to compile in ${ROOT}\n`);
  process.exitCode = 1;
}
