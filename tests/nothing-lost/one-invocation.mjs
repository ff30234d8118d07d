// A process of its own, to be killed: invokes the bundled shipper once. Arguments: its file, the file of the event.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , shipper = '', eventFile = ''] = process.argv;
const { handler } = await import(pathToFileURL(shipper).href);
const event = JSON.parse(readFileSync(eventFile, 'utf8'));
const end = Date.now() + 30_000;
process.stderr.write('begins\n');
await handler(event, {
  functionName: 'loki-shipper-shipper',
  awsRequestId: 'r',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper',
  getRemainingTimeInMillis: () => end - Date.now(),
});
process.stderr.write('ends\n');
process.exit();
