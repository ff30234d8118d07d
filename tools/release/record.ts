import { recordAddresses } from './addresses.ts';

const [version = ''] = process.argv.slice(2);
recordAddresses(version);
