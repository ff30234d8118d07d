import { expect } from 'chai';
import { stateFolder } from '../../cli/state-folder.ts';

describe('The folder of the state', () => {
  it('is where the system has such things', () => {
    expect(stateFolder({}, 'linux', '/home/ada')).to.equal('/home/ada/.local/state/loki-shipper');
    expect(stateFolder({ XDG_STATE_HOME: '/state' }, 'darwin', '/home/ada')).to.equal('/state/loki-shipper');
    expect(stateFolder({ LOCALAPPDATA: '/data', XDG_STATE_HOME: '/state' }, 'win32', '/home/ada')).to.equal(
      '/data/loki-shipper',
    );
  });
});
