import { expect } from 'chai';
import { paintFor } from '../../cli/paint.ts';
import { type Column, tableText } from '../../cli/table.ts';

interface Row {
  readonly group: string;
  readonly lines: number;
  readonly note: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'Log group', text: ({ group }) => group, shrinks: { to: 12, cut: 'middle' } },
  {
    title: 'Lines',
    text: ({ lines }) => String(lines),
    align: 'right',
    style: ({ lines }) => (lines ? undefined : 'red'),
  },
  { title: 'Note', text: ({ note }) => note, shrinks: { to: 4, cut: 'end' } },
];
const ROWS: readonly Row[] = [
  { group: '/aws/lambda/checkout-of-orders', lines: 12, note: 'by nobody' },
  { group: '/ecs/a', lines: 0, note: '' },
];
const plain = paintFor({ write: () => undefined }, true);

describe('A table', () => {
  it('is as wide as its texts, and no line ends with a space', () => {
    expect(tableText(COLUMNS, ROWS, { paint: plain })).to.equal(
      [
        'Log group                       Lines  Note',
        '/aws/lambda/checkout-of-orders     12  by nobody',
        '/ecs/a                              0',
        '',
      ].join('\n'),
    );
  });

  it('cuts what is widest until it fits', () => {
    expect(tableText(COLUMNS, ROWS, { paint: plain, width: 38 })).to.equal(
      [
        'Log group             Lines  Note',
        '/aws/lambd…of-orders     12  by nobody',
        '/ecs/a                    0',
        '',
      ].join('\n'),
    );
  });

  for (let width = 1; width < 60; width++)
    it(`has no line longer than ${width}, if its columns may be that narrow`, () => {
      for (const line of tableText(COLUMNS, ROWS, { paint: plain, width }).split('\n'))
        expect(line.length).to.be.at.most(Math.max(width, 12 + 2 + 5 + 2 + 4));
    });

  it('leaves out what is dispensable only when all are as narrow as may be', () => {
    const [group, lines, note] = COLUMNS as [Column<Row>, Column<Row>, Column<Row>];
    const columns = [group, { ...lines, dispensable: 2 }, { ...note, dispensable: 1 }];
    const titles = (width: number) => tableText(columns, ROWS, { paint: plain, width }).split('\n')[0]?.split(/ {2,}/);
    expect(titles(12 + 2 + 5 + 2 + 4)).to.deep.equal(['Log group', 'Lines', 'Note']);
    expect(titles(24)).to.deep.equal(['Log group', 'Lines']);
    expect(titles(18)).to.deep.equal(['Log group']);
    expect(titles(5)).to.deep.equal(['Log group']);
  });

  it('paints titles and cells on a terminal, and pads by what is seen', () => {
    const paint = paintFor({ isTTY: true, write: () => undefined }, true);
    const [titles, , last] = tableText(COLUMNS, ROWS, { paint }).split('\n');
    expect(titles).to.include('\x1b[1mLines\x1b[22m');
    expect(last).to.equal('/ecs/a                          \x1b[31m    0\x1b[39m');
  });

  it('keeps its lines whatever its texts hold', () => {
    const rows = [{ group: 'a\nb\x1b[2J', lines: 1, note: '' }];
    expect(tableText(COLUMNS, rows, { paint: plain })).to.match(/^.*\na.b.\[2J.*\n$/);
  });

  it('has titles alone when there are no rows', () => {
    expect(tableText(COLUMNS, [], { paint: plain })).to.equal('Log group  Lines  Note\n');
  });
});
