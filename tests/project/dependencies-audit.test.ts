import { expect } from 'chai';
import { type Audited, afterAudit, answersOf, auditText, readAudited } from '../../tools/audit/audited.ts';
import { idOf, type LockedPackage, lockedPackages, withDependencies } from '../../tools/lock.ts';

const DAY_MS = 24 * 3600_000;

describe('The audit of packages', () => {
  const audited = readAudited();

  it('has been run for each package of the lock, and for no others', () => {
    const ids = new Set(Array.from(lockedPackages().values(), idOf));
    expect(Object.keys(audited.packages), 'npm run audit, then npm run docs').to.have.members([...ids]);
  });

  it('has a decision for each advisory', () => {
    const undecided = audited.advisories.filter(({ decision }) => !decision?.trim());
    expect(undecided.map(({ id, packages, title }) => `${id} ${packages}: ${title}`)).to.be.empty;
  });

  it('says how old it is', () => {
    const [oldest] = answersOf(audited);
    const age = oldest === undefined ? '' : ` ${Math.floor((Date.now() - Date.parse(oldest)) / DAY_MS)} days ago.`;
    console.log(`      ${auditText(audited)}${age}`);
    for (const at of answersOf(audited)) expect(Date.parse(at)).to.be.at.most(Date.now());
  });
});

describe('What is known after an audit', () => {
  const locked = (path: string, version: string, dependencies = {}): [string, LockedPackage] => [
    path,
    { path, name: path.slice(path.lastIndexOf('node_modules/') + 13), version, dependencies },
  ];
  const packages = new Map([
    locked('node_modules/a', '1.0.0', { b: '^1' }),
    locked('node_modules/b', '2.0.0'),
    locked('node_modules/a/node_modules/b', '1.0.0'),
  ]);
  const NOTHING: Audited = { packages: {}, refused: null, advisories: [] };
  const answer = {
    vulnerabilities: {
      a: { via: ['b'], nodes: ['node_modules/a'] },
      b: {
        via: [{ url: 'https://example.com/advisories/GHSA-1', title: 'Bad.', severity: 'high' }],
        nodes: ['node_modules/a/node_modules/b'],
      },
    },
  };

  it('are the advisories, with the versions that are locked', () => {
    const after = afterAudit(answer, packages, NOTHING, '2026-01-02T00:00:00.000Z');
    expect(Object.keys(after.packages)).to.deep.equal(['a@1.0.0', 'b@1.0.0', 'b@2.0.0']);
    expect(after.advisories).to.deep.equal([
      {
        id: 'GHSA-1',
        packages: ['b@1.0.0'],
        severity: 'high',
        title: 'Bad.',
        url: 'https://example.com/advisories/GHSA-1',
        decision: null,
      },
    ]);
    expect(auditText(after)).to.equal(
      'The registry has answered for 3 of 3 packages, for the first of them on 2026-01-02: 1 advisories, 1 without a decision.',
    );
  });

  it('are the decisions that were made, as long as they are about the same versions', () => {
    const [advisory] = afterAudit(answer, packages, NOTHING, '').advisories;
    const decided = { ...NOTHING, advisories: advisory ? [{ ...advisory, decision: 'Not called.' }] : [] };
    expect(afterAudit(answer, packages, decided, '').advisories[0]?.decision).to.equal('Not called.');
    const raised = new Map([...packages, locked('node_modules/a/node_modules/b', '1.0.1')]);
    expect(afterAudit(answer, raised, decided, '').advisories[0]?.decision).to.equal(null);
  });

  it('is what was known, and that there was no answer, when the registry refuses', () => {
    const before = { ...NOTHING, packages: { 'b@2.0.0': '2026-01-01T00:00:00.000Z', 'gone@1.0.0': null } };
    const message = '405 Method Not Allowed - POST https://registry.example.com/audit';
    const after = afterAudit({ message }, packages, before, '2026-01-02T00:00:00.000Z');
    expect(after.packages).to.deep.equal({ 'a@1.0.0': null, 'b@1.0.0': null, 'b@2.0.0': '2026-01-01T00:00:00.000Z' });
    expect(auditText(after)).to.match(/for 1 of 3 packages.* got no answer \(405 Method Not Allowed\)\.$/);
    expect(auditText(afterAudit({}, packages, NOTHING, '2026-01-02'))).to.match(/^No registry .*\(no report\)\.$/);
  });

  it('is of packages that are found as Node finds them', () => {
    expect(withDependencies(['a'], packages).map(idOf)).to.deep.equal(['a@1.0.0', 'b@1.0.0']);
    expect(() => withDependencies(['c'], packages)).to.throw('c is not in package-lock.json.');
  });
});
