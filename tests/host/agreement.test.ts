import { expect } from 'chai';
import { parse } from 'yaml';
import { containerOf } from '../../demo/units.ts';
import { renderHostFiles } from '../../tools/host-files.ts';
import { hostValues } from '../../tools/local/host-values.ts';
import { VALUES } from './values.ts';

describe('The files of the host', () => {
  const values = {
    ...VALUES,
    ...hostValues({ hasCertificate: true, showsGrafana: true, serverName: 'logs.example.com' }),
  };
  const files = renderHostFiles('modules/loki/host', values);
  const text = (path: string) => String(files.get(path));
  const setting = (name: string) => new RegExp(`^${name}="(.*)"$`, 'm').exec(text('host.env'))?.[1];
  const container = (name: string) => containerOf(text(`units/${name}.service`), text('host.env'));
  const source = (name: string) => parse(text(`grafana/provisioning/datasources/${name}.yaml`)).datasources[0];

  it('have Grafana ask the container of Loki, by the name and the port that it has in their network', () => {
    const { options } = container('loki');
    expect(options.network).to.deep.equal(container('grafana').options.network);
    const port = options.publish?.[0]?.split(':').at(-1);
    expect(source('loki').url).to.equal(`http://${options.name}:${port}`);
    expect(parse(text('loki/loki.yaml')).server.http_listen_port).to.equal(Number(port));
  });

  it('have Grafana read the dashboards and data sources that are mounted, under ids that never change', () => {
    const targets = container('grafana').options.volume?.map((volume) => volume.split(':')[1]);
    const [provider] = parse(text('grafana/provisioning/dashboards/loki-shipper.yaml')).providers;
    expect(targets).to.include.members([provider.options.path, '/etc/grafana/provisioning']);
    expect(source('loki')).to.include({ uid: 'loki', type: 'loki', isDefault: true });
    expect(source('cloudwatch')).to.deep.include({ uid: 'cloudwatch', type: 'cloudwatch' });
    expect(source('cloudwatch').jsonData).to.deep.equal({ authType: 'default', defaultRegion: VALUES.region });
  });

  it('have Grafana wait longer for Loki than Loki for a query, and nginx longer than both', () => {
    const seconds = (duration: string) => Number.parseInt(duration, 10) * (duration.endsWith('m') ? 60 : 1);
    const { server, limits_config: limits } = parse(text('loki/loki.yaml'));
    const query = seconds(limits.query_timeout);
    expect(seconds(server.http_server_write_timeout)).to.be.above(query);
    expect(source('loki').jsonData.timeout).to.be.above(query);
    for (const [, timeout = ''] of text('nginx/loki-host.conf').matchAll(/proxy_read_timeout (\w+);/g))
      expect(seconds(timeout)).to.be.above(seconds(server.http_server_write_timeout));
  });

  it('have nginx hand on to the ports at which the containers are, with the files that the steps write', () => {
    const nginx = text('nginx/loki-host.conf');
    expect(nginx).to.contain(`server 127.0.0.1:${setting('LOKI_PORT')};`);
    expect(nginx).to.contain(`proxy_pass http://127.0.0.1:${setting('GRAFANA_PORT')};`);
    const folder = /^NGINX=(.*)$/m.exec(text('bin/common.sh'))?.[1];
    const used = new Set(Array.from(nginx.matchAll(/\/etc\/loki-host\/[\w.]+/g), ([path]) => path));
    expect([...used].sort()).to.deep.equal(['push.htpasswd', 'tls.crt', 'tls.key'].map((file) => `${folder}/${file}`));
    for (const path of used)
      expect(text('bin/steps/secrets') + text('bin/steps/certificate')).to.contain(path.replace(`${folder}`, '$NGINX'));
  });

  it('have Loki write to its mounted folder only', () => {
    const { options } = container('loki');
    expect(options['read-only']).to.deep.equal([]);
    expect(options.volume?.map((volume) => volume.split(':')[1])).to.include(
      parse(text('loki/loki.yaml')).common.path_prefix,
    );
  });
});
