/** As deep as values may be. Recursion over them ends long before the stack does. */
const maxDepth = 1000;

/**
 * Throws when the bytes are no MessagePack value, announce more than they have, or go too deep. The decoder would make room for all
 * that is announced, at each level anew.
 */
export function checkLengths(bytes: Buffer): void {
  /** Values still to come, at each level. */
  const open: number[] = [1];
  let pending = 1;
  let at = 0;

  while (pending > 0) {
    while (open.at(-1) === 0) open.pop();
    open[open.length - 1] = (open.at(-1) ?? 0) - 1;
    pending -= 1;
    const members = value();
    if (members === 0) continue;
    pending += members;
    if (pending > bytes.length - at) throw cutOff();
    if (open.push(members) > maxDepth) throw new Error(`msgpack: the values are nested more than ${maxDepth} deep`);
  }

  /** Steps over a value, without its members, and tells how many members it has. */
  function value(): number {
    const first = number(1);
    if (first < 0x80 || first >= 0xe0) return 0;
    if (first < 0x90) return (first % 16) * 2;
    if (first < 0xa0) return first % 16;
    if (first < 0xc0) return skip(first % 32);
    switch (first) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return 0;
      case 0xc4:
      case 0xd9:
        return skip(number(1));
      case 0xc5:
      case 0xda:
        return skip(number(2));
      case 0xc6:
      case 0xdb:
        return skip(number(4));
      case 0xc7:
        return skip(number(1) + 1);
      case 0xc8:
        return skip(number(2) + 1);
      case 0xc9:
        return skip(number(4) + 1);
      case 0xcc:
      case 0xd0:
        return skip(1);
      case 0xcd:
      case 0xd1:
      case 0xd4:
        return skip(2);
      case 0xd5:
        return skip(3);
      case 0xca:
      case 0xce:
      case 0xd2:
        return skip(4);
      case 0xd6:
        return skip(5);
      case 0xcb:
      case 0xcf:
      case 0xd3:
        return skip(8);
      case 0xd7:
        return skip(9);
      case 0xd8:
        return skip(17);
      case 0xdc:
        return number(2);
      case 0xdd:
        return number(4);
      case 0xde:
        return number(2) * 2;
      case 0xdf:
        return number(4) * 2;
      default:
        throw new Error(`msgpack: no value begins with the byte ${first}`);
    }
  }

  function number(size: number): number {
    const start = at;
    skip(size);
    return bytes.readUIntBE(start, size);
  }

  function skip(count: number): 0 {
    if (count > bytes.length - at) throw cutOff();
    at += count;
    return 0;
  }
}

const cutOff = (): Error => new Error('msgpack: the value announces more than there is');
