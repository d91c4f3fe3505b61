/** The archives of the pinned release, and what each must hold to the byte. */
import { pinnedCli } from './versions.js';

export interface Archive {
  readonly url: string;
  readonly sha256: string;
}

/** Of version 1.5.1. Each is told alike by two public collections of checksums: the packages of Hermit (cashapp), and others' build files. */
const SHA256: Readonly<Record<string, string>> = {
  linux_amd64: 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
  linux_arm64: 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
  darwin_amd64: 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
  darwin_arm64: 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
};

/** The one for this machine; undefined where we know none. */
export function archiveFor(platform: string = process.platform, arch: string = process.arch): Archive | undefined {
  const name = `${platform}_${arch === 'x64' ? 'amd64' : arch}`;
  const sha256 = SHA256[name];
  const url = `https://github.com/temporalio/cli/releases/download/v${pinnedCli}/temporal_cli_${pinnedCli}_${name}.tar.gz`;
  return sha256 === undefined ? undefined : { url, sha256 };
}
