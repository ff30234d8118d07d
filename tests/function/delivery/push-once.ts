// A process of its own, because Node reads NODE_EXTRA_CA_CERTS at its start: pushes once to the URL that it is given.
import { createPusher } from '../../../function/delivery/push.ts';
import { Ledger } from '../../../function/ledger.ts';

const push = createPusher({ url: process.argv[2] ?? '', headers: async () => ({}) });
await push(Buffer.from('body'), { count: 1, deadline: Date.now() + 10_000, ledger: new Ledger() });
console.log('stored');
