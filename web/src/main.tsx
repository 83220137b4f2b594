import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { startI18n } from "./i18n";
import { fetchSessionAhead } from "./session/session";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root");
void fetchSessionAhead();
await startI18n();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
