import { Box } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, useLocation } from "react-router";
import { PatientName } from "../patients/patient-name";
import { usePrefer, usePreference } from "../preferences/preferences";
import { fetchParts, part } from "../ui/part";
import { BottomBar } from "./bottom-bar";
import classes from "./frame.module.css";
import { Sidebar } from "./sidebar";
import { TopBar } from "./top-bar";

const MAIN = "main";
const Commands = lazy(part(async () => ({ default: (await import("./commands")).Commands })));
const LeaveQuestion = lazy(part(async () => ({ default: (await import("../saving/leave-question")).LeaveQuestion })));
const UploadTray = lazy(part(async () => ({ default: (await import("../uploads/tray")).UploadTray })));
const LicenceBanner = lazy(part(async () => ({ default: (await import("../licence/banner")).LicenceBanner })));
const Shortcuts = lazy(part(async () => ({ default: (await import("../shortcuts/help")).Shortcuts })));
const LEISURE_MS = 3_000;

/** Sidebar, top bar and the page; on a phone the sidebar is a bar at the bottom. */
export function Frame() {
  const { t } = useTranslation();
  const narrow = usePreference("sidebar") === "narrow";
  const prefer = usePrefer();
  const tablet = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  const icons = narrow || tablet;
  const { pathname } = useLocation();
  useEffect(() => {
    // a new page begins at its top; the viewer lies over the pool and moves nothing
    if (!/\/pool\/./.test(pathname)) document.getElementById(MAIN)?.scrollTo(0, 0);
  }, [pathname]);
  useEffect(() => {
    const timer = setTimeout(() => void fetchParts(), LEISURE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <a href={`#${MAIN}`} className={classes.skip}>
        {t("frame.skip")}
      </a>
      <div className={classes.frame}>
        <Box component="nav" className={classes.navbar} w={icons ? 60 : 232} visibleFrom="sm">
          <Sidebar icons={icons} onToggle={tablet ? null : () => prefer({ sidebar: narrow ? "wide" : "narrow" })} />
        </Box>
        <header className={classes.header}>
          <TopBar />
        </header>
        <main className={classes.main}>
          <Suspense>
            <LicenceBanner />
          </Suspense>
          <Box id={MAIN} tabIndex={-1} className={classes.scroll}>
            <Outlet />
          </Box>
        </main>
        <Box component="footer" className={classes.footer} hiddenFrom="sm">
          <BottomBar />
        </Box>
      </div>
      <Suspense>
        <UploadTray patientLabel={(patient) => <PatientName id={patient} />} />
        <Commands />
        <LeaveQuestion />
        <Shortcuts />
      </Suspense>
    </>
  );
}
