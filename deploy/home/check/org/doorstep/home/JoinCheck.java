package org.doorstep.home;

import java.util.ArrayList;
import java.util.List;

/** Run by check.sh: what is tried, and in which order, for each form of join link. */
public final class JoinCheck {
    public static void main(String[] arguments) {
        ways("jitsi", "https://meet.example.org/Music#config.prejoinConfig.enabled=false",
                "org.jitsi.meet org.jitsi.meet://meet.example.org/Music#config.prejoinConfig.enabled=false",
                " https://meet.example.org/Music#config.prejoinConfig.enabled=false");
        ways("jitsi", "org.jitsi.meet://meet.example.org/Music",
                "org.jitsi.meet org.jitsi.meet://meet.example.org/Music", " https://meet.example.org/Music");
        ways("zoom", "https://us02web.zoom.us/j/12345678901?pwd=a%20b",
                "us.zoom.videomeetings zoomus://us02web.zoom.us/join?confno=12345678901&pwd=a%20b",
                "us.zoom.videomeetings https://us02web.zoom.us/j/12345678901?pwd=a%20b");
        ways("zoom", "https://zoom.us/j/123456789",
                "us.zoom.videomeetings zoomus://zoom.us/join?confno=123456789",
                "us.zoom.videomeetings https://zoom.us/j/123456789");
        ways("zoom", "https://zoom.us/my/music", "us.zoom.videomeetings https://zoom.us/my/music");
        ways("zoom", "zoomus://zoom.us/join?confno=123456789",
                "us.zoom.videomeetings zoomus://zoom.us/join?confno=123456789");
        ways("zoom", "https://zoom.us/j/123 456", "us.zoom.videomeetings https://zoom.us/j/123 456");
        ways("teams", "https://teams.microsoft.com/l/meetup-join/19%3ax/0?context=y",
                "com.microsoft.teams https://teams.microsoft.com/l/meetup-join/19%3ax/0?context=y",
                "com.microsoft.teams msteams:/l/meetup-join/19%3ax/0?context=y");
        ways("teams", "https://teams.microsoft.com/meet/12?p=c", "com.microsoft.teams https://teams.microsoft.com/meet/12?p=c");
        ways("whatsapp", "https://wa.me/447700900123",
                "com.whatsapp https://wa.me/447700900123", "com.whatsapp.w4b https://wa.me/447700900123");
        ways("web", "https://example.org/radio", " https://example.org/radio");
        ways("", "https://example.org/radio", " https://example.org/radio");
        ways("carrier-pigeon", "https://example.org/", " https://example.org/");
        for (String platform : new String[] {"jitsi", "zoom", "teams", "whatsapp"}) {
            expect(!Join.appName(platform).isEmpty(), platform + " has a name for people");
        }
        expect(Join.appName("web").isEmpty(), "a web page needs no app of its own");
        System.out.println("join links: all checks hold");
    }

    private static void ways(String platform, String link, String... wanted) {
        List<String> found = new ArrayList<String>();
        for (Join.Way way : Join.ways(platform, link)) {
            found.add(way.toString());
        }
        List<String> expected = new ArrayList<String>();
        for (String each : wanted) {
            expected.add(each);
        }
        expect(found.equals(expected), platform + " " + link + " gave " + found);
    }

    private static void expect(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
