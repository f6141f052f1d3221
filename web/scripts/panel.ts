import htmx from "htmx.org";
import { copyButtons } from "./copy";
import { filters } from "./filters";
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
// The way back through the filters is a page as it comes: parts of one that are put back would have lost what the scripts hold on to.
htmx.config.refreshOnHistoryMiss = true;
htmx.config.scrollBehavior = "auto";

menus();
themeMenu();
copyButtons();
times();
live();
filters();
palette();
scrollers();
keys();
