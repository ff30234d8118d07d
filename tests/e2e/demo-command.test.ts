import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { build } from '../../tools/build.ts';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { eventually } from '../support/eventually.ts';
import { orSkip } from '../support/parts.ts';
import { Aws } from './aws.ts';
import { cli, stateOf } from './cli.ts';
import { distOf } from './configuration.ts';

describe('loki-shipper demo, end to end', function () {
  this.timeout(300_000);
  let stack: Stack;
  const demos = () => {
    const folder = join(stateOf(stack), 'loki-shipper', 'demo');
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  before(async function () {
    stack = await orSkip(this, startStack);
    await build(distOf(stack));
  });
  after(() => stack?.stop());

  it('starts, ships lines of its functions, and leaves nothing when it is stopped', async () => {
    const aws = new Aws(stack);
    const { code, out, err } = await cli(stack, 'demo', 'start', '--loki-url', stack.loki.url, '--yes', '--json');
    expect(code, err).to.equal(0);
    const started = JSON.parse(out);
    expect(started).to.deep.include({ name: 'loki-shipper-demo', account: ACCOUNT, region: REGION });
    expect(started.shipper).to.equal('loki-shipper-demo-shipper');
    expect(demos()).to.deep.equal([`loki-shipper-demo-${ACCOUNT}-${REGION}`]);

    for (const name of started.functions) expect(await aws.invoke(name, {})).to.equal(undefined);
    const lines = await eventually('lines', async () => {
      const found = await stack.loki.query(started.query);
      return found.length > 0 && found;
    });
    for (const { labels } of lines) expect(labels).to.include(started.logGroups['/aws/lambda/fun-checkout']);

    const stopped = await cli(stack, 'demo', 'stop', '--yes');
    expect(stopped.code, stopped.err).to.equal(0);
    expect(stopped.out).to.equal('The demo loki-shipper-demo is gone.\n');
    expect(demos()).to.deep.equal([]);
    for (const name of [...started.functions, started.shipper])
      expect(await aws.invoke(name, {}).catch(({ name }) => name)).to.equal('ResourceNotFoundException');
  });

  it('has nothing to stop then', async () => {
    const { code, err } = await cli(stack, 'demo', 'stop', '--yes');
    expect(code).to.equal(3);
    expect(err).to.include(`No demo loki-shipper-demo was started from here in account ${ACCOUNT}, region ${REGION}`);
  });
});
