import { expect } from 'chai';
import { partsOf } from '../../cli/parts.ts';
import { functionName, ownLogGroup } from '../../modules/shipper/names.ts';

it('The command line calls what the module names', () => {
  const named = (template: string) => template.replace('${var.name}', 'logs');
  const { shipper, registrar, shipperLog } = partsOf('logs');
  expect(shipper).to.equal(named(functionName('shipper')));
  expect(registrar).to.equal(named(functionName('registrar')));
  expect(shipperLog).to.equal(named(ownLogGroup('shipper')));
});
