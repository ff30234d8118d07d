import { expect } from 'chai';
import { monthlyCost } from '../../cli/preview/monthly-cost.ts';
import { captureOf } from '../../tools/docs/capture.ts';
import { costTables } from '../../tools/docs/cost.ts';
import { demoPicture } from '../../tools/docs/demo-picture.ts';
import { reference } from '../../tools/docs/reference.ts';

describe('The reference', () => {
  const text = reference();

  for (const module of ['loki-shipper', 'modules/log-group', 'modules/loki'])
    it(`has requirements, inputs and outputs of ${module}`, () => {
      for (const part of ['Requirements', 'Inputs', 'Outputs']) expect(text).to.include(`\n### ${part} of ${module}\n`);
    });

  it('has the inputs with their defaults', () => {
    expect(text).to.match(/^\| `loki_url` \| .+ \| `string` \| `null` \|$/m);
    expect(text)
      .to.match(/^\| `claimant` \| /m)
      .and.match(/^\| `volume_gb` \| /m);
  });
});

describe('The tables of the cost', () => {
  const text = costTables(
    ['formula', 'volume', 'parts'].map((name) => `<!-- ${name} -->\nold\n<!-- /${name} -->\n`).join('between\n'),
  );

  it('take the place of what was between their markers, and of nothing else', () => {
    expect(text).not.to.include('old');
    expect(text.match(/^between$/gm)).to.have.length(2);
  });

  it('say what the formula of the preview says', () => {
    const shipper = { memoryMb: 256, architecture: 'arm64' } as const;
    const { total } = monthlyCost({ shipper, deliveries: 1e7, metrics: 7, alarms: 9, registrar: shipper, runs: 8_640 });
    expect(text).to.match(new RegExp(`^\\| 100 \\| \\$50\\.00 \\| .+ \\| \\$${total.toFixed(2)} \\| `, 'm'));
  });

  it('have prices as they are written', () => {
    expect(text).to.include('$0.0000133334').and.include('$0.0000002)').and.include('7 metrics × $0.30');
  });
});

describe('The picture of the demo', () => {
  it('is of what stays on a terminal', () => {
    expect(captureOf('… Building it  0 s\n✔ Built it  1 s\n  … and more\n')).to.equal(
      '$ npm run demo\n✔ Built it  1 s\n  … and more\n',
    );
  });

  it('has every line as text, with ticks and times in their colours', () => {
    const picture = demoPicture('$ npm run demo\n✔ Built it  1.5 s\n\n<&>\n');
    expect(picture.match(/<text /g)).to.have.length(3);
    expect(picture).to.include('<tspan class="done">✔</tspan> Built it<tspan class="faint">  1.5 s</tspan>');
    expect(picture).to.include('&lt;&amp;&gt;');
  });

  it('cuts lines that are wider than it', () => {
    expect(demoPicture(`${'x'.repeat(300)}\n`)).to.match(/>x{103}…</);
  });
});
