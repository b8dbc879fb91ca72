//SOURCES ../arc/Paging.java ../arc/Query.java ../arc/ResultWriter.java ../arc/Session.java ../base/Exit.java
//SOURCES ../base/Printable.java ../base/Problem.java ../http/Http.java ../http/Response.java ../json/Json.java
//SOURCES ../json/JsonElements.java ../json/MalformedJson.java Address.java Instance.java Progress.java Uid.java
//SOURCES Wanted.java

package lib.download;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.arc.Paging;
import lib.arc.Query;
import lib.arc.ResultWriter;
import lib.arc.Session;
import lib.base.Exit;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;
import lib.json.Json;
import lib.json.JsonElements;
import lib.json.MalformedJson;

/** Finds out which objects are meant by paths and queries (PS3.18, section 10.6). */
final class Listing {
    private static final String JSON = "application/dicom+json";
    private static final String STUDY = "0020000D";
    private static final String SERIES = "0020000E";
    private static final String INSTANCE = "00080018";
    private static final String INSTANCES_OF_STUDY = "00201208";
    private static final String INSTANCES_OF_SERIES = "00201209";

    private final Session session;
    private final Progress progress;
    private final Flaws flaws;

    /** Hears of what is wrong with a result, and would go unnoticed. */
    interface Flaws {
        /** The archive lists something under {@code uid}, which is no UID. */
        void unusable(String uid);

        /** The archive did not list all. */
        void gap(Problem why);
    }

    /** What is done with one row of a result. */
    private interface Row {
        void take(Map<String, Object> row);
    }

    Listing(Session session, Progress progress, Flaws flaws) {
        this.session = session;
        this.progress = progress;
        this.flaws = flaws;
    }

    /** Where {@code paths} lead, each search narrowed by {@code queries}; nothing is sent. */
    List<Address> addresses(List<String> paths, List<String> queries) {
        List<Address> addresses = new ArrayList<>();
        for (String path : paths) {
            addresses.add(Address.of(
                    session.archive().resolve(path, queries), session.archive().root(), path));
        }
        return addresses;
    }

    /** What is wanted, study by study: each of {@code addresses} is one of an object, or searches for some. */
    Collection<Wanted> of(List<Address> addresses) {
        Map<Uid, Wanted> studies = new LinkedHashMap<>();
        for (Address address : addresses) {
            if (address.searches()) {
                search(address, studies);
            } else {
                add(address, Map.of(), studies);
            }
        }
        return studies.values();
    }

    private void search(Address address, Map<Uid, Wanted> studies) {
        progress.search(address.level());
        rows(address.uri(), row -> {
            if (add(address, row, studies)) {
                progress.found(address.level());
            }
        });
    }

    /** Adds what {@code row} stands for; false if that is nothing new. */
    private boolean add(Address address, Map<String, Object> row, Map<Uid, Wanted> studies) {
        String study = address.study() != null ? address.study() : uid(row, STUDY);
        if (study == null) {
            return false;
        }
        if (address.level().equals("studies")) {
            return wanted(study, studies).addAll(number(row, INSTANCES_OF_STUDY));
        }
        String series = address.series() != null ? address.series() : uid(row, SERIES);
        if (series == null) {
            return false;
        }
        if (address.level().equals("series")) {
            return wanted(study, studies).addSeries(Uid.of(series), number(row, INSTANCES_OF_SERIES));
        }
        String instance = address.instance() != null ? address.instance() : uid(row, INSTANCE);
        return instance != null && wanted(study, studies).addInstance(Uid.of(series), Uid.of(instance));
    }

    private static Wanted wanted(String study, Map<Uid, Wanted> studies) {
        return studies.computeIfAbsent(Uid.of(study), Wanted::new);
    }

    /** The instances that {@code wanted} comes to. */
    Collection<Instance> instances(Wanted wanted) {
        Set<Instance> found = new LinkedHashSet<>(wanted.instances());
        String study = "studies/" + wanted.study();
        if (wanted.isWhole()) {
            instances(study + "/instances", wanted.study(), null, found);
        } else {
            for (String series : wanted.series()) {
                instances(study + "/series/" + series + "/instances", wanted.study(), series, found);
            }
        }
        return found;
    }

    private void instances(String path, String study, String known, Set<Instance> found) {
        int[] count = {0};
        Map<String, String> names = new LinkedHashMap<>();
        rows(session.archive().resolve(path, List.of()), row -> {
            String series = known != null ? known : uid(row, SERIES);
            String uid = uid(row, INSTANCE);
            if (series != null && uid != null) {
                // One text for all instances of a series.
                String shared = names.computeIfAbsent(series, name -> name);
                found.add(new Instance(study, shared, uid));
                count[0]++;
            }
        });
        if (count[0] == 0) {
            throw Problem.refused(
                    Http.authority(session.archive().url()) + " lists no instances at " + path,
                    "is the UID right, and does the AE (--aet) show them?");
        }
    }

    /** How many bytes {@code study} has in the archive; -1 if it does not tell, as any but dcm4chee. */
    long size(String study) {
        if (session.archive().aet() == null) {
            return -1;
        }
        URI address = session.archive().resolve("studies/size?StudyInstanceUID=" + study, List.of());
        try (Response response = session.get(address, "application/json")) {
            Map<String, Object> answer = Json.asObject(Json.parse(response.text()));
            return answer == null ? -1 : Long.parseLong(String.valueOf(answer.get("size")));
        } catch (Problem | MalformedJson | NumberFormatException untold) {
            return -1;
        }
    }

    private void rows(URI address, Row what) {
        Query query = Query.of(session.archive(), address, null, null);
        Paging paging = new Paging(session, query, JSON);
        Rows rows = new Rows(what);
        try {
            paging.write(session.get(paging.next(), JSON), rows);
        } catch (Problem problem) {
            if (!rows.isAny || problem.exit() == Exit.REFUSED) {
                throw problem;
            }
            // What was listed is downloaded all the same.
            flaws.gap(problem);
        }
    }

    /** The UID that {@code row} has as {@code attribute}, or null once it has been told that it is none. */
    private String uid(Map<String, Object> row, String attribute) {
        String text = text(row, attribute);
        if (!Instance.isUid(text)) {
            flaws.unusable(text == null ? "none" : Printable.cut(text, 80));
            return null;
        }
        return text;
    }

    private static int number(Map<String, Object> row, String attribute) {
        try {
            return Math.max(0, Integer.parseInt(String.valueOf(text(row, attribute))));
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    // Numbers are text at dcm4chee, and numbers elsewhere (facts F13).
    private static String text(Map<String, Object> row, String attribute) {
        Map<String, Object> element = Json.asObject(row.get(attribute));
        List<Object> values = element == null ? null : Json.asArray(element.get("Value"));
        return values == null || values.isEmpty() || values.getFirst() == null
                ? null
                : values.getFirst().toString();
    }

    /** Takes the rows of all pages. */
    private static final class Rows extends ResultWriter {
        private final Row what;
        private boolean isAny;

        Rows(Row what) {
            this.what = what;
        }

        @Override
        public void element(JsonElements elements) throws MalformedJson {
            isAny = true;
            Map<String, Object> row = Json.asObject(elements.value());
            what.take(row == null ? Map.of() : row);
        }

        @Override
        public void flush() {}

        @Override
        public void end() {}

        @Override
        public void close() {}
    }
}
