// Takes ESC/POS byte streams apart with npos, which nobody here wrote.
// One hexadecimal stream a line in; {"commands": [...], "text": [...]} or {"error": "..."} a line out.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const npos = createRequire(process.cwd() + '/')('npos');
// two commands of the manual that npos does not list; both carry their own length
npos.rules[0x1d]['(k'] = [0, 'd16'];
npos.rules[0x1c]['(A'] = [0, 'd16'];
const parser = new npos.Parser(npos.rules);
const decoder = new TextDecoder('gb18030');

function read(raw) {
    const { error, tree } = parser.analyze(raw);
    if (error) {
        return { error: error.message };
    }
    const isText = node => node.ascii === 'STX';
    const text = tree.filter(isText).map(node => raw.subarray(node.offset, node.offset + node.length));
    return {
        commands: tree.filter(node => !isText(node)).map(node => node.ascii + ' ' + (node.fn ?? '')),
        text: text.map(part => decoder.decode(part)),
    };
}

for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(read(Buffer.from(line, 'hex'))));
}
