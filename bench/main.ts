// `npm run bench`: what the shipper costs. `npm run bench -- registry`: what the registrar costs, with very many log groups.
await import(process.argv[2] === 'registry' ? './registry.ts' : './shipper.ts');
