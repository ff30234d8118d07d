import { expect } from 'chai';
import { Alarms } from '../../../tools/local/alarms.ts';

/** What MiniStack answers of an alarm: a few of its fields. */
const answerOf = (name: string) =>
  `<MetricAlarms><member><AlarmName>${name}</AlarmName><Threshold>0.0</Threshold></member></MetricAlarms>`;

const complete = (alarms: Alarms, name: string) => alarms.complete(Buffer.from(answerOf(name))).toString();

describe('Alarms', () => {
  const put = (fields: Readonly<Record<string, string>>) => {
    const alarms = new Alarms();
    alarms.put(Buffer.from(new URLSearchParams({ Action: 'PutMetricAlarm', ...fields }).toString()));
    return alarms;
  };

  it('adds the texts that were put, and keeps what the emulator said', () => {
    const xml = complete(put({ AlarmName: 'a', Statistic: 'Sum', AlarmDescription: 'x < y & z' }), 'a');
    expect(xml).to.include('<Statistic>Sum</Statistic>');
    expect(xml).to.include('<AlarmDescription>x &lt; y &amp; z</AlarmDescription>');
    expect(xml).to.include('<Threshold>0.0</Threshold>');
    expect(xml).not.to.include('ExtendedStatistic');
  });

  it('adds the lists that were put, and empty ones where none were', () => {
    const xml = complete(
      put({
        AlarmName: 'a',
        'AlarmActions.member.1': 'arn:1',
        'AlarmActions.member.2': 'arn:2',
        'Dimensions.member.1.Name': 'FunctionName',
        'Dimensions.member.1.Value': 'f',
      }),
      'a',
    );
    expect(xml).to.include('<AlarmActions><member>arn:1</member><member>arn:2</member></AlarmActions>');
    expect(xml).to.include('<OKActions></OKActions>');
    expect(xml).to.include('<Dimensions><member><Name>FunctionName</Name><Value>f</Value></member></Dimensions>');
  });

  it('says what was put last', () => {
    const alarms = put({ AlarmName: 'a', Period: '60' });
    alarms.put(Buffer.from('Action=PutMetricAlarm&AlarmName=a&Period=300'));
    expect(complete(alarms, 'a')).to.include('<Period>300</Period>').and.not.to.include('<Period>60</Period>');
  });

  it('leaves alone what it has not seen put', () => {
    expect(complete(put({ AlarmName: 'a', Period: '60' }), 'b')).to.equal(answerOf('b'));
  });
});
