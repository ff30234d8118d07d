import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const QUOTED = /^> `(.+)`$/gm;
/** Shorter pieces of a message are found in any source. */
const TELLING = 8;

describe('The messages of the troubleshooting', () => {
  const text = readFileSync('docs/troubleshooting.md', 'utf8');
  const messages = Array.from(text.matchAll(QUOTED), ([, message = '']) => message);
  const sources = ['cli', 'function', 'modules'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(`${folder}/${file}`, 'utf8').replaceAll("\\'", "'")),
  );

  it('are many', () => expect(messages).to.have.length.above(25));

  it('are all that are quoted, but for those of Terraform, AWS and Loki', () => {
    const quotes = Array.from(text.matchAll(/^> .*$/gm), ([quote]) => quote);
    const others = quotes.filter((quote) => /^> (Terraform|AWS|Loki): `.+`$/.test(quote));
    expect(quotes).to.have.length(messages.length + others.length);
  });

  for (const message of messages)
    it(`are said by the sources: ${message}`, () => {
      const pieces = message.split('…').map((piece) => piece.trim());
      const telling = pieces.filter((piece) => piece.length >= TELLING);
      expect(telling).not.to.be.empty;
      expect(sources.some((source) => telling.every((piece) => source.includes(piece)))).to.equal(true);
    });
});
