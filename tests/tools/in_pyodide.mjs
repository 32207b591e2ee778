// Runs a file of Python in Pyodide: node in_pyodide.mjs PYODIDE.mjs CODE.py ARCHIVE.zip…
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [module, code, ...archives] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(module).href);
const pyodide = await loadPyodide();
for (const archive of archives) {
  pyodide.unpackArchive(new Uint8Array(readFileSync(archive)), "zip");
}
pyodide.runPython(readFileSync(code, "utf8"));
