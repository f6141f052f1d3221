import htmx from "htmx.org";
import { copyButtons } from "./copy";
import { keys } from "./keys";
import { live } from "./live";
import { menus } from "./menus";
import { palette } from "./palette";
import { scrollers } from "./scrollers";
import { themeMenu } from "./themeMenu";
import { times } from "./times";

// The page's security policy allows neither inline scripts nor inline styles.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.historyCacheSize = 0;
htmx.config.scrollBehavior = "auto";
// What went wrong is a page as well: it says why, and what to do.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "...", swap: true },
];

menus();
themeMenu();
copyButtons();
times();
live();
palette();
scrollers();
keys();
