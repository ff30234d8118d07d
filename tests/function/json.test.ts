import { expect } from 'chai';
import { isObject, isTextRecord } from '../../function/json.ts';

describe('A value that came as JSON', () => {
  const VALUES = [
    { json: '{}', object: true, texts: true },
    { json: '{"a":"b"}', object: true, texts: true },
    { json: '{"a":"b","c":1}', object: true, texts: false },
    { json: '{"a":null}', object: true, texts: false },
    { json: '[]', object: false, texts: false },
    { json: '["a"]', object: false, texts: false },
    { json: 'null', object: false, texts: false },
    { json: '"text"', object: false, texts: false },
  ];
  for (const { json, object, texts } of VALUES)
    it(`is ${object ? '' : 'no '}object and ${texts ? '' : 'no '}record of texts when it is ${json}`, () => {
      expect(isObject(JSON.parse(json))).to.equal(object);
      expect(isTextRecord(JSON.parse(json))).to.equal(texts);
    });
});
