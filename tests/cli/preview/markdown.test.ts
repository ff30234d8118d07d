import { expect } from 'chai';
import { markdown } from '../../../cli/preview/markdown.ts';
import { code, some, table } from '../../../cli/preview/markdown-text.ts';
import { preview } from '../../../cli/preview/preview.ts';
import { changes, installed, MODULE, planOf } from './planned.ts';

describe('Markdown', () => {
  const CODES: Readonly<Record<string, string>> = {
    '/aws/lambda/fun': '`/aws/lambda/fun`',
    '@here <b> &amp; *x* [l](u)': '`@here <b> &amp; *x* [l](u)`',
    'a ` b': '``a ` b``',
    'a `` b ` c': '```a `` b ` c```',
    '`': '`` ` ``',
    ' x': '`  x `',
    'two\nlines\u202e\ud800': '`two\ufffdlines\ufffd\ufffd`',
    '': '(empty)',
  };
  for (const [text, written] of Object.entries(CODES))
    it(`has ${JSON.stringify(text)} as code`, () => expect(code(text)).to.equal(written));

  it('cuts what is long, and no character in two', () => {
    expect(code('👍'.repeat(300))).to.equal(`\`${'👍'.repeat(200)}…\``);
  });

  it('has the first of many', () => {
    expect(some(['a', 'b'], 2)).to.equal('`a`, `b`');
    expect(some(['a', 'b', 'c'], 2)).to.equal('`a`, `b` and 1 more');
  });

  it('keeps what is in a cell out of the table', () => {
    expect(table(['A', '>B'], [[code('x | y'), '1']])).to.equal('| A | B |\n| --- | ---: |\n| `x \\| y` | 1 |');
  });
});

describe('The report of a preview', () => {
  const groups = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`/fun/${String(i).padStart(5, '0')}`, {}]));
  const reportOf = (...args: Parameters<typeof changes>) => markdown(preview(planOf(changes(...args))));

  it('of other things is short', () => {
    expect(reportOf('', {}, {})).to.equal(
      '## Preview of loki-shipper\n\nNothing in this plan concerns loki-shipper.\n',
    );
  });

  it('says that a plan failed, or is not the whole', () => {
    expect(markdown(preview(planOf([], { errored: true, complete: false })))).to.equal(`## Preview of loki-shipper

Nothing in this plan concerns loki-shipper.

Terraform failed while it made this plan, which ends where it failed.

This plan is not the whole of what is to come: it was made with -target, or Terraform puts changes off.
`);
  });

  it('folds long lists', () => {
    const text = (count: number) => reportOf(MODULE, {}, installed({ groups: groups(count) }));
    expect(text(10)).to.include('10 shipped from now on:\n\n| Log group');
    expect(text(11)).to.include('<details>\n<summary>11 shipped from now on</summary>\n\n| Log group');
  });

  it('fits a comment of GitHub, and tells where the rest is', () => {
    const labels = { from_tags: ['id'] };
    const tagged = Object.fromEntries(Object.keys(groups(2000)).map((name) => [name, { tags: { id: name } }]));
    const text = reportOf(MODULE, installed({ groups: groups(1000), labels }), installed({ groups: tagged, labels }));
    expect(text.length).to.be.lessThan(65_536);
    expect(text).to.match(/\n\n[\d,]+ more: --json has all of them\.\n/);
  });

  it('is the same for resources in any order', () => {
    const all = changes(MODULE, installed({ groups: groups(30) }), installed({ groups: { '/a': {} } }));
    expect(markdown(preview(planOf(all.toReversed())))).to.equal(markdown(preview(planOf(all))));
  });

  it('has nothing of a plan outside code', () => {
    const hostile = '<img src=x>@team';
    const labels = { static: { env: hostile } };
    const before = installed({ groups: { [`/${hostile}`]: { pattern: hostile } }, labels });
    const after = installed({
      groups: { [`/${hostile}2`]: {} },
      selection: { managed_by: 'terraform', prefixes: [hostile], excluded: [`${hostile}2`] },
      environment: { LOKI_URL: hostile },
      labels,
    });
    const text = reportOf(`module.m["${hostile}"]`, before, after);
    expect(text.replace(/`[^`\n]*`/g, ''))
      .to.not.include('@team')
      .and.not.include('<img');
    expect(text).to.include(hostile);
  });
});
