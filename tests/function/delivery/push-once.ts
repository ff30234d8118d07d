// A process of its own, because Node reads NODE_EXTRA_CA_CERTS at its start: pushes once to the URL that it is given.
import { createPusher } from '../../../function/delivery/push.ts';

const push = createPusher({ url: process.argv[2] ?? '', headers: async () => ({}) });
await push(Buffer.from('body'), Date.now() + 10_000);
console.log('stored');
