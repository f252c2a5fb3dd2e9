// Parses the AsyncAPI document named by the first argument and prints every problem, one a line; exit code 1: there are some.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import parser from "@asyncapi/parser";

const file = process.argv[2];
const { document, diagnostics } = await new parser.Parser().parse(await readFile(file, "utf8"), { source: pathToFileURL(file).pathname });
// Severities are those of the language server protocol: 0 error, 1 warning; what comes after is advice on style.
const problems = diagnostics.filter((diagnostic) => diagnostic.severity <= 1);
for (const problem of problems) {
    console.log(`${problem.code} at ${problem.path.join(".")}: ${problem.message}`);
}
if (document) {
    console.log(`parsed: ${document.version()}, ${document.channels().length} channels, ${document.messages().length} messages`);
}
process.exit(document && problems.length === 0 ? 0 : 1);
