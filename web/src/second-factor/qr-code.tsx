import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/** A QR code that came as an SVG document. Drawn as a picture: a picture runs no script. White around it for cameras. */
export function QrCode({ svg }: { svg: string }) {
  const { t } = useTranslation();
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  return (
    <img
      src={address}
      alt={t("secondFactor.qr")}
      width={200}
      height={200}
      style={{ background: "white", padding: 12, borderRadius: 6, boxSizing: "content-box" }}
    />
  );
}
