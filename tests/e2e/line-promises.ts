import { expect } from 'chai';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { eventually } from '../support/eventually.ts';
import { deliveryOf } from './aws.ts';
import { cli } from './cli.ts';
import { CHECKOUT, INVOICE, ORDERS, type Shipping } from './shipping.ts';

/** What becomes of lines: the same in front of every Loki. */
export function promiseLines(shipping: Shipping): void {
  it('brings a line to Loki under the labels that the outputs promise', async () => {
    await shipping.aws.log(CHECKOUT, 'stream-1', 'order 4711 paid');
    const group = shipping.outputs.log_groups[CHECKOUT];
    const found = await eventually('the line', async () => (await shipping.stack.loki.query(group?.logql ?? ''))[0]);
    expect(found.line).to.equal('order 4711 paid');
    expect(group?.labels).to.deep.equal({
      service_name: 'fun-checkout',
      log_group: CHECKOUT,
      account_id: ACCOUNT,
      region: REGION,
      env: 'prod',
      owner: 'checkout',
      sut: 'orders',
      language: 'python',
      location: REGION,
    });
    const { detected_level: _, ...labels } = found.labels;
    expect(labels).to.deep.equal({ ...group?.labels, log_stream: 'stream-1', billing: 'theirs', cost_center: '42' });
  });

  it('makes labels of the chosen tags only: other tags and the log stream do not select a stream', async () => {
    expect(await shipping.lines(`{log_group="${CHECKOUT}"} | cost_center="42" | log_stream="stream-1"`)).to.have.length(
      1,
    );
    expect(await shipping.lines(`{log_group="${CHECKOUT}", cost_center="42"}`)).to.be.empty;
  });

  it("ships the lines that match a group's own filter pattern, and no others", async () => {
    await shipping.aws.log(ORDERS, 'task', 'fine', 'ERROR out of stock');
    await eventually('the line', async () => (await shipping.lines(`{log_group="${ORDERS}"}`)).length > 0);
    expect(await shipping.lines(`{log_group="${ORDERS}"}`)).to.deep.equal(['ERROR out of stock']);
  });

  it('shows a delivery that is repeated once, and two equal lines of one millisecond both', async () => {
    const timestamp = Date.now();
    const delivery = deliveryOf(INVOICE, [
      { id: '37000000000000000000000000000000000000000000000000000001', timestamp, message: 'same' },
      { id: '37000000000000000000000000000000000000000000000000000002', timestamp, message: 'same' },
      { id: '37000000000000000000000000000000000000000000000000000003', timestamp, message: 'last' },
    ]);
    for (let i = 0; i < 3; i++) expect(await shipping.ship(delivery)).to.equal(undefined);
    const shown = () => shipping.lines(`{log_group="${INVOICE}"} | log_stream="a-stream"`);
    expect(await eventually('the lines', async () => (await shown()).length > 0 && shown())).to.deep.equal([
      'same',
      'same',
      'last',
    ]);
  });

  it('keeps a payload that is no delivery in the bucket, and says what is wrong without its content', async () => {
    const payload = { awslogs: { data: Buffer.from('not gzip: secret-of-a-customer').toString('base64') } };
    await shipping.aws.invokeAsynchronously(shipping.outputs.shipper_function_name, payload);
    const record = await eventually('the record', async () =>
      (await shipping.aws.recordsOf(shipping.outputs.bucket)).find(({ responsePayload }) =>
        responsePayload.errorMessage.includes('not valid gzip'),
      ),
    );
    expect(record.requestPayload).to.deep.include(payload);
    expect(JSON.stringify(record.responsePayload)).not.to.include('secret-of-a-customer');
  });

  it('parks a line that is too old, with what is needed to store it, and stores the others', async () => {
    const [now, old] = [Date.now(), Date.now() - 200 * 3_600_000];
    const delivery = deliveryOf(INVOICE, [
      { id: '11', timestamp: old, message: 'from long ago' },
      { id: '12', timestamp: now, message: 'from now' },
    ]);
    for (let i = 0; i < 2; i++) expect(await shipping.ship(delivery)).to.equal(undefined);
    await eventually(
      'the line',
      async () => (await shipping.lines(`{log_group="${INVOICE}"} |= "from now"`)).length > 0,
    );
    const keys = await shipping.aws.keysOf(shipping.outputs.bucket, 'parked/');
    expect(keys).to.have.length(1);
    expect(keys[0]).to.include('/aws/lambda/fun-invoice/');
    const { code, out } = await cli(
      shipping.stack,
      'replay',
      '--group',
      INVOICE,
      '--reason',
      'greater_than_max_sample_age',
    );
    expect(code).to.equal(1);
    expect(out).to.include('greater_than_max_sample_age: 1');
    expect(await shipping.aws.keysOf(shipping.outputs.bucket, 'parked/')).to.deep.equal(keys);
  });

  it('replays with one command what Lambda gave up on, and says what cannot be replayed', async () => {
    const group = '/aws/lambda/fun-replayed';
    const mend = shipping.stack.gateway.fail({
      service: 'logs',
      action: 'ListTagsForResource',
      status: 403,
      code: 'AccessDeniedException',
    });
    try {
      const before = shipping.stack.gateway.outcomes.length;
      const delivery = deliveryOf(group, [{ id: '21', timestamp: Date.now(), message: 'late but here' }]);
      await shipping.aws.invokeAsynchronously(shipping.outputs.shipper_function_name, delivery);
      const outcome = await eventually('the outcome', async () => shipping.stack.gateway.outcomes[before]);
      expect(outcome.kind).to.equal('recorded');
    } finally {
      mend();
    }
    const { code, out } = await cli(shipping.stack, 'replay', '--reason', 'failed_delivery', '--json');
    expect(code).to.equal(1);
    const { failed, ...result } = JSON.parse(out);
    expect(result).to.deep.include({ lines: 1, stored: 1, refused: {} });
    expect(failed).to.have.length(1); // The payload that is no delivery.
    expect(failed[0].error).to.include('not valid gzip');
    await eventually('the line', async () => (await shipping.lines(`{log_group="${group}"}`)).length > 0);
    expect(await shipping.aws.keysOf(shipping.outputs.bucket, 'aws/lambda/async/')).to.deep.equal([failed[0].key]);
  });

  it('does not ship the logs of its own functions, though somebody subscribed them by hand', async () => {
    const own = `/aws/lambda/${shipping.outputs.shipper_function_name}`;
    const delivery = deliveryOf(own, [{ id: '31', timestamp: Date.now(), message: 'its own' }]);
    expect(await shipping.ship(delivery)).to.equal(undefined);
    expect(await shipping.lines(`{log_group="${own}"}`)).to.be.empty;
  });

  it('keeps the labels of a group while its tags cannot be read', async () => {
    const ship = async (message: string) => {
      const delivery = deliveryOf(CHECKOUT, [{ id: '1', timestamp: Date.now(), message }]);
      expect(await shipping.ship(delivery)).to.equal(undefined);
    };
    const failed = () =>
      shipping.stack.gateway.calls.some(({ action, status }) => action === 'ListTagsForResource' && status === 403);
    await ship('tags are read');
    const mend = shipping.stack.gateway.fail({
      service: 'logs',
      action: 'ListTagsForResource',
      status: 403,
      code: 'AccessDeniedException',
    });
    try {
      await eventually('a look-up that fails', async () => {
        await ship('still labelled');
        return failed();
      });
    } finally {
      mend();
    }
    await eventually(
      'the line',
      async () => (await shipping.lines(`{owner="checkout"} |= "still labelled"`)).length > 0,
    );
    expect(await shipping.lines(`{log_group="${CHECKOUT}", owner!="checkout"} |= "still labelled"`)).to.be.empty;
  });

  it('keeps a delivery that Loki does not take in the bucket, with its payload', async () => {
    await shipping.stack.loki.stop();
    try {
      const delivery = deliveryOf(CHECKOUT, [{ id: '1', timestamp: Date.now(), message: 'nobody listens' }]);
      await shipping.aws.invokeAsynchronously(shipping.outputs.shipper_function_name, delivery);
      const record = await eventually(
        'the record',
        async () =>
          (await shipping.aws.recordsOf(shipping.outputs.bucket)).find(({ responsePayload }) =>
            responsePayload.errorMessage.includes('unreachable'),
          ),
        90_000,
      );
      expect(record.requestPayload).to.deep.include(delivery);
      expect(JSON.stringify(record.responsePayload)).not.to.include('nobody listens');
    } finally {
      await shipping.stack.loki.restart();
    }
  });
}
