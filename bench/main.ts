// `npm run bench`: what the shipper costs. With `registry`: what the registrar costs, with very many log groups. With
// `host`: what the host's Loki takes, needs and answers.
const MEASURES = new Set(['registry', 'host']);
const [measure = ''] = process.argv.slice(2);
await import(`./${MEASURES.has(measure) ? measure : 'shipper'}.ts`);
