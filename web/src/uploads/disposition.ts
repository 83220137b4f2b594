/** Content-Disposition that names a file (RFC 6266), whatever letters the name has (RFC 8187). */
export function disposition(name: string): string {
  // lone surrogates have no encoding: the encoder makes them U+FFFD
  const encodable = new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(name));
  const value = encodeURIComponent(encodable).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename*=UTF-8''${value}`;
}
