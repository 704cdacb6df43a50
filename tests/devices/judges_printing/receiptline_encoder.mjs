// Encodes lines of text with receiptline, a second GB18030 encoder that nobody here wrote.
// One JSON string a line in; the hexadecimal bytes between FS & and the line's end a line out.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const receiptline = createRequire(process.cwd() + '/')('receiptline');
const printer = { cpl: 48, encoding: 'gb18030', command: 'escpos', spacing: false, cutting: false };

for await (const line of createInterface({ input: process.stdin })) {
    const raw = Buffer.from(receiptline.transform(JSON.parse(line), printer), 'binary').toString('hex');
    const runs = [...raw.matchAll(/1c26((?:..)*?)0a/g)].map(found => found[1]);
    console.log(runs.find(run => run !== '20') ?? '');
}
