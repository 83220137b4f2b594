import { TextInput, type TextInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** A code of the authenticator app; where one may stand in for it, a recovery code too. */
export function CodeField({ appOnly = false, ...props }: TextInputProps & { appOnly?: boolean }) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t("secondFactor.code")}
      description={t(appOnly ? "secondFactor.codeAboutApp" : "secondFactor.codeAbout")}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      required
      withAsterisk={false}
      maxLength={64}
      {...(appOnly && { inputMode: "numeric" })}
      {...props}
    />
  );
}
