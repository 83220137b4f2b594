import { setNonce } from "get-nonce";

const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');

/** The nonce of this page, without which the content security policy lets no style element in. */
export function nonce(): string {
  return meta?.nonce ?? "";
}

// what keeps the page from scrolling behind a dialog asks here
setNonce(nonce());
