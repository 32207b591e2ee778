// Python, with the library, beside the page, so that typing never waits for it.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const read = async (name) => {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) {
    throw new Error(`${name}: ${response.status}`);
  }
  return response;
};

const start = async () => {
  const [pyodide, lark, library, code] = await Promise.all([
    loadPyodide({ indexURL: new URL("./pyodide/", import.meta.url).href }),
    read("lark.zip").then((one) => one.arrayBuffer()),
    read("filterlang.zip").then((one) => one.arrayBuffer()),
    read("playground.py").then((one) => one.text()),
  ]);
  pyodide.unpackArchive(lark, "zip");
  pyodide.unpackArchive(library, "zip");
  pyodide.runPython(code);
  return pyodide.globals.get("answer");
};

const started = start();
started.then(
  () => postMessage({ ready: performance.getEntriesByType("resource").map(({ name }) => name) }),
  (error) => postMessage({ failed: error.message ?? String(error) }),
);

onmessage = async ({ data: { id, question, asked } }) => {
  try {
    const answer = await started;
    postMessage({ id, answer: JSON.parse(answer(question, JSON.stringify(asked))) });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
};
