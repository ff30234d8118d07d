import protobuf from 'protobufjs';
import snappy from 'snappy';

/** The messages of Loki's push API: https://github.com/grafana/loki/blob/v3.7.6/pkg/push/push.proto */
const PushRequest = protobuf
  .parse(`
    syntax = "proto3";
    message PushRequest { repeated StreamAdapter streams = 1; string format = 2; }
    message StreamAdapter { string labels = 1; repeated EntryAdapter entries = 2; uint64 hash = 3; }
    message EntryAdapter { Timestamp timestamp = 1; string line = 2; repeated LabelPairAdapter structuredMetadata = 3; }
    message LabelPairAdapter { string name = 1; string value = 2; }
    message Timestamp { int64 seconds = 1; int32 nanos = 2; }
  `)
  .root.lookupType('PushRequest');

export interface Entry {
  readonly timestamp: { readonly seconds: number; readonly nanos: number };
  readonly line: string;
  readonly structuredMetadata: readonly { readonly name: string; readonly value: string }[];
}

/** A push as Loki knows it. */
export interface Push {
  readonly streams: readonly { readonly labels: string; readonly entries: readonly Entry[] }[];
}

export function readPush(body: Uint8Array): Push {
  const message = PushRequest.decode(uncompress(body));
  return PushRequest.toObject(message, { longs: Number, defaults: true, arrays: true }) as Push;
}

/** The protobuf message as protobufjs writes it. */
export function writePush(push: Push): Buffer {
  return Buffer.from(PushRequest.encode(push).finish());
}

export function uncompress(body: Uint8Array): Buffer {
  return Buffer.from(snappy.uncompressSync(Buffer.from(body)));
}
