// Put bytecode into the archives of the playground: `node precompile.mjs FOLDER`.
//
// Pyodide itself compiles, since bytecode is of one version of Python only.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
const read = (...names) => new Uint8Array(readFileSync(join(folder, ...names)));
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide", "pyodide.mjs")));
const pyodide = await loadPyodide();
pyodide.unpackArchive(read("lark.zip"), "zip");
pyodide.unpackArchive(read("filterlang.zip"), "zip");

// What a first visit asks tells which modules of Python's library it loads.
pyodide.runPython(readFileSync(join(folder, "playground.py"), "utf8"));
const answer = pyodide.globals.get("answer");
const filters = ["score>=10;location.countryName==Germany"];
for (const [question, payload] of [
  ["check", { filters }],
  ["complete", { filter: "sco", cursor: 3 }],
  ["report", { filters, records: '{"score": 12}' }],
]) {
  const told = JSON.parse(answer(question, JSON.stringify({ payload, schema: "user", own: "" })));
  if (told.error) {
    throw new Error(`${question}: ${told.error}`);
  }
}

// Few texts need the full parser, but then somebody waits for it.
pyodide.runPython("import lark");

pyodide.runPython(readFileSync(new URL("bytecode.py", import.meta.url), "utf8"));
const withBytecode = pyodide.globals.get("with_bytecode");
for (const [isLoaded, ...names] of [
  [true, "pyodide", "python_stdlib.zip"],
  [false, "lark.zip"],
  [false, "filterlang.zip"],
]) {
  const given = pyodide.toPy(read(...names)).tobytes();
  const made = withBytecode.callKwargs(given, { only_loaded: isLoaded });
  writeFileSync(join(folder, ...names), made.toJs());
}
