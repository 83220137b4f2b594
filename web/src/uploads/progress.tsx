import { useTranslation } from "react-i18next";
import { useReason } from "./reasons";
import type { Upload } from "./uploads";

/** Where an upload is, in words: "Sending 40%", "Processing", or why it was not taken. */
export function UploadWords({ upload }: { upload: Upload }) {
  const { t, i18n } = useTranslation();
  switch (upload.state) {
    case "sending": {
      const percent = new Intl.NumberFormat(i18n.language, { style: "percent" }).format(upload.sent);
      return t("uploads.states.sending", { percent });
    }
    case "waiting":
      return t(upload.problem === null ? "uploads.states.waiting" : "uploads.states.again");
    case "processing":
    case "added":
    case "duplicate":
      return t(`uploads.states.${upload.state}`);
    case "rejected":
    case "refused":
    case "failed":
      return <Reason upload={upload} />;
  }
}

function Reason({ upload }: { upload: Upload }) {
  return useReason()(upload);
}
