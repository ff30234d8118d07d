import { expect } from 'chai';
import { REGION } from '../../tools/local/account.ts';
import { startStack } from '../../tools/local/stack.ts';
import { eventually } from '../support/eventually.ts';
import { wordsOf } from './configuration.ts';
import { promiseLines } from './line-promises.ts';
import { CHECKOUT, INTERNAL, INVOICE, inputs, NOISY, ORDERS, OTHER, shippingOn } from './shipping.ts';

describe('loki-shipper, end to end', function () {
  this.timeout(300_000);
  const shipping = shippingOn(startStack);

  it('subscribes the listed and the prefixed log groups, less the excluded and its own', async () => {
    expect(Object.keys(shipping.outputs.log_groups)).to.have.members([CHECKOUT, INVOICE, ORDERS]);
    expect(await shipping.aws.filtersOf(CHECKOUT)).to.deep.equal({ 'loki-shipper': '', theirs: '' });
    expect(await shipping.aws.filtersOf(INVOICE)).to.deep.equal({ 'loki-shipper': '' });
    expect(await shipping.aws.filtersOf(ORDERS)).to.deep.equal({ 'loki-shipper': 'ERROR' });
    for (const group of [NOISY, INTERNAL, OTHER]) expect(await shipping.aws.filtersOf(group)).to.deep.equal({});
    for (const name of [shipping.outputs.shipper_function_name, shipping.outputs.registrar_function_name])
      expect(await shipping.aws.filtersOf(`/aws/lambda/${name}`)).to.deep.equal({});
  });

  it('has nothing to do on the second plan', async () => {
    expect(await shipping.deployment.plan()).to.equal('');
  });

  it('writes the metadata to the tags of the log groups and leaves the tags of others', async () => {
    const metadata = { owner: 'checkout', sut: 'orders', language: 'python', 'cost-center': '42', location: REGION };
    expect(await shipping.aws.tagsOf(CHECKOUT)).to.deep.equal({ ...metadata, billing: 'theirs' });
    expect(await shipping.aws.tagsOf(INVOICE)).to.deep.equal({ location: REGION });
  });

  promiseLines(shipping);

  it('changes the label of the next line when a tag changes in the input, and removes a tag that left it', async () => {
    const log_groups = {
      [CHECKOUT]: { tags: { owner: 'payments', sut: 'orders', language: 'python' } },
      [ORDERS]: { filter_pattern: 'ERROR' },
    };
    await shipping.deployment.apply(inputs(shipping.stack.loki.url, { log_groups }));
    expect(await shipping.aws.tagsOf(CHECKOUT)).to.deep.equal({
      owner: 'payments',
      sut: 'orders',
      language: 'python',
      location: REGION,
      billing: 'theirs',
    });
    await eventually('a line under the new label', async () => {
      await shipping.aws.log(CHECKOUT, 'stream-1', 'order 4712 paid');
      return (await shipping.lines(`{log_group="${CHECKOUT}", owner="payments"}`)).length > 0;
    });
    expect(await shipping.lines(`{log_group="${CHECKOUT}", owner="checkout"} |= "4711"`)).to.have.length(1);
  });

  it('does not take a change of tags for done that failed: every plan fails until it is repaired', async () => {
    const mend = shipping.stack.gateway.fail({
      service: 'logs',
      action: 'TagResource',
      status: 400,
      code: 'AccessDeniedException',
    });
    expect(await wordsOf(shipping.deployment.apply(inputs(shipping.stack.loki.url)))).to.include(
      'AccessDeniedException',
    );
    mend();
    const words = await wordsOf(shipping.deployment.plan());
    expect(words).to.include(CHECKOUT).and.to.include('terraform apply -replace=');
    await shipping.deployment.repair(`aws_lambda_invocation.log_group_tags["${CHECKOUT}"]`);
    expect(await shipping.aws.tagsOf(CHECKOUT)).to.deep.include({
      owner: 'checkout',
      'cost-center': '42',
      billing: 'theirs',
    });
  });

  it('fails the apply with the name of a log group that does not exist', async () => {
    const log_groups = { '/aws/lambda/not-there': { tags: { owner: 'nobody' } } };
    const words = await wordsOf(shipping.deployment.apply(inputs(shipping.stack.loki.url, { log_groups })));
    expect(words).to.match(/[Ll]og group "?\/aws\/lambda\/not-there"? does not exist/);
    await shipping.deployment.apply(inputs(shipping.stack.loki.url));
  });

  it('removes its filters and tags on destroy, and nothing of others, though a log group is gone already', async () => {
    await shipping.aws.deleteLogGroup(ORDERS);
    await shipping.deployment.destroy();
    expect(await shipping.aws.filtersOf(CHECKOUT)).to.deep.equal({ theirs: '' });
    expect(await shipping.aws.filtersOf(INVOICE)).to.deep.equal({});
    expect(await shipping.aws.tagsOf(CHECKOUT)).to.deep.equal({ billing: 'theirs' });
    expect(await shipping.aws.tagsOf(INVOICE)).to.deep.equal({});
  });
});
