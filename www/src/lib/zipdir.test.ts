import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { zipMembers } from './zipdir';

/** A zip of one deflated member whose sizes are told as they are, or as `size`. */
function zip(path: string, text: string, size = text.length): Uint8Array<ArrayBuffer> {
  const name = Buffer.from(path);
  const packed = deflateRawSync(Buffer.from(text));
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(size, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return new Uint8Array(Buffer.concat([local, central, end]));
}

test('members are unpacked when they are asked for', async () => {
  const [member] = await zipMembers(new Blob([zip('app/main.go', 'package main\n')]));
  expect(member).toMatchObject({ path: 'app/main.go', size: 13 });
  expect(new TextDecoder().decode(await member?.read(100))).toBe('package main\n');
});

test('a member that unpacks to more than it says is not held', async () => {
  const [member] = await zipMembers(new Blob([zip('bomb.go', 'a'.repeat(5_000_000), 10)]));
  await expect(member?.read(1024 * 1024)).rejects.toThrow('larger than 1 MiB');
});

test('what is no zip, and every cut of one, is refused or empty', async () => {
  await expect(zipMembers(new Blob(['hello']))).rejects.toThrow('no zip');
  const whole = zip('app/main.go', 'package main\n');
  for (let end = 0; end < whole.length; end++) {
    const read = zipMembers(new Blob([whole.slice(0, end)])).then(([member]) => member?.read(100));
    await expect(read, `${end} bytes`).rejects.toThrow();
  }
});

test('damage is an error, never a wrong size in memory', async () => {
  const whole = zip('app/main.go', 'package main\n');
  for (let at = 0; at < whole.length; at++) {
    const bytes = whole.slice();
    bytes[at] = 0xff;
    const read = zipMembers(new Blob([bytes])).then(async ([member]) => (await member?.read(1000))?.length ?? 0);
    expect(await read.catch(() => 0), `byte ${at}`).toBeLessThanOrEqual(1000);
  }
});
