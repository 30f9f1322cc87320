package org.doorstep.home;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a join link is opened: the ways to try, the best first. It knows no Android, so that it can be checked off a tablet.
 *
 * An https link alone often ends in a browser that offers a download, so a platform's own app is asked first, by the
 * address form that only it takes. Jitsi alone also works in a browser.
 */
final class Join {
    /** One thing to try: an address, and the only app that may take it (empty for any). */
    static final class Way {
        final String address;
        final String packageName;

        Way(String address, String packageName) {
            this.address = address;
            this.packageName = packageName;
        }

        @Override
        public String toString() {
            return packageName + " " + address;
        }
    }

    private static final String JITSI = "org.jitsi.meet";
    private static final String ZOOM = "us.zoom.videomeetings";
    private static final String TEAMS = "com.microsoft.teams";
    private static final String WHATSAPP = "com.whatsapp";
    private static final String WHATSAPP_BUSINESS = "com.whatsapp.w4b";
    private static final Pattern ZOOM_NUMBER = Pattern.compile("/(?:j|s|wc/join)/([0-9]{9,11})/?");

    private Join() {}

    static List<Way> ways(String platform, String link) {
        List<Way> ways = new ArrayList<Way>();
        if (platform.equals("jitsi")) {
            jitsi(link, ways);
        } else if (platform.equals("zoom")) {
            zoom(link, ways);
        } else if (platform.equals("teams")) {
            teams(link, ways);
        } else if (platform.equals("whatsapp")) {
            ways.add(new Way(link, WHATSAPP));
            ways.add(new Way(link, WHATSAPP_BUSINESS));
        } else {
            ways.add(new Way(link, ""));
        }
        return Collections.unmodifiableList(ways);
    }

    /** What the platform's app is called, for words to a person; empty where any app will do. */
    static String appName(String platform) {
        switch (platform) {
            case "jitsi":
                return "Jitsi Meet";
            case "zoom":
                return "Zoom";
            case "teams":
                return "Microsoft Teams";
            case "whatsapp":
                return "WhatsApp";
            default:
                return "";
        }
    }

    private static void jitsi(String link, List<Way> ways) {
        String rest = link.substring(link.indexOf(':') + 1);
        ways.add(new Way(JITSI + ":" + rest, JITSI));
        ways.add(new Way("https:" + rest, ""));
    }

    private static void zoom(String link, List<Way> ways) {
        String inApp = zoomInApp(link);
        if (!inApp.isEmpty()) {
            ways.add(new Way(inApp, ZOOM));
        }
        ways.add(new Way(link, ZOOM));
    }

    /** A link with a meeting's number as the app's own scheme says it; empty for any other. */
    private static String zoomInApp(String link) {
        try {
            URI parts = new URI(link);
            Matcher number = ZOOM_NUMBER.matcher(parts.getPath() == null ? "" : parts.getPath());
            if (!"https".equals(parts.getScheme()) || !number.matches()) {
                return "";
            }
            String query = parts.getRawQuery();
            return "zoomus://" + parts.getHost() + "/join?confno=" + number.group(1) + (query == null ? "" : "&" + query);
        } catch (URISyntaxException odd) {
            return "";
        }
    }

    private static void teams(String link, List<Way> ways) {
        ways.add(new Way(link, TEAMS));
        int path = link.indexOf("/l/meetup-join/");
        if (link.startsWith("https:") && path > 0) {
            ways.add(new Way("msteams:" + link.substring(path), TEAMS));
        }
    }
}
