// Sends COUNT messages of raw bytes through nodemailer's pool, one recipient each.
//   node nodemailer.mjs MODULES PORT COUNT CONNECTIONS MESSAGE_FILE
// MODULES is the node_modules folder that nodemailer was installed into. Prints the CPU microseconds of this
// process from the first send to the last answer.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const [modules, port, count, connections, file] = process.argv.slice(2);
const nodemailer = createRequire(modules + '/')('nodemailer');
const raw = readFileSync(file);
const transport = nodemailer.createTransport({
  pool: true, host: '127.0.0.1', port: Number(port), secure: false, ignoreTLS: true,
  maxConnections: Number(connections), maxMessages: Infinity,
});

const before = process.cpuUsage();
let next = 0;
// As many senders as connections, so that the queue never holds more than is under way.
await Promise.all(Array.from({length: Number(connections)}, async () => {
  while (next < Number(count)) {
    const to = `reader${next++}@example.org`;
    await transport.sendMail({envelope: {from: 'weekly@example.org', to}, raw});
  }
}));
const spent = process.cpuUsage(before);
transport.close();
console.log(spent.user + spent.system);
