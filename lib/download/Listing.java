//SOURCES ../arc/Level.java ../arc/Paging.java ../arc/Query.java ../arc/ResultWriter.java ../arc/Session.java
//SOURCES ../base/Exit.java ../base/Printable.java ../base/Problem.java ../http/Http.java ../http/Response.java
//SOURCES ../json/Json.java Download.java Instance.java Progress.java Selection.java

package lib.download;

import module java.base;
import lib.arc.Level;
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

/** Finds out which objects paths and queries select (PS3.18, section 10.6). */
final class Listing {
    private static final String JSON = "application/dicom+json";
    private static final String STUDY = "0020000D";
    private static final String SERIES = "0020000E";
    private static final String INSTANCE = "00080018";
    private static final String INSTANCES_OF_STUDY = "00201208";
    private static final String INSTANCES_OF_SERIES = "00201209";

    private final Session session;
    private final Progress progress;
    private final Download download;

    /** Whether the server lists the instances of a study only series by series. */
    private volatile boolean isBySeries;

    /**
     * A path that the person gave, parsed.
     *
     * @param uri its address
     * @param level what it names or searches for: studies, series or instances
     * @param study the Study Instance UID in it, or null
     * @param series the Series Instance UID in it, or null
     * @param instance the SOP Instance UID in it, or null
     * @param searches whether it is a search, and not one object
     */
    record Address(URI uri, String level, String study, String series, String instance, boolean searches) {
        // What a server may use as a UID, and not the word for a resource.
        private static final String UID = "((?=[^/]*[0-9])" + Instance.NAME + ")";

        // A shell completes studies/UID with a slash.
        private static final Pattern OBJECT =
                Pattern.compile("studies/" + UID + "(?:/series/" + UID + "(?:/instances/" + UID + ")?)?/?");

        // Only a search may skip a level, as studies/UID/instances and series do.
        private static final Pattern SEARCH = Pattern.compile(
                "(?:studies/" + UID + "/(?!studies)(?:series/" + UID + "/(?=instances))?)?(studies|series|instances)");

        /**
         * The address {@code uri}, which is {@code typed} resolved against the DICOMweb root {@code root};
         * {@link Problem} if no objects can be there.
         */
        static Address of(URI uri, String root, String typed) {
            String base = URI.create(root).getRawPath() + "/";
            String path = uri.getRawPath();
            String below = path.startsWith(base) ? path.substring(base.length()) : "";
            Matcher object = OBJECT.matcher(below);
            Matcher search = SEARCH.matcher(below);
            boolean searches = search.matches();
            if (!searches && !object.matches()) {
                throw Problem.usage(
                        "--download cannot retrieve " + Printable.cut(typed, 80),
                        "name studies/UID, studies/UID/series/UID, one of its instances, or a search such as studies");
            }
            if (!searches && uri.getRawQuery() != null) {
                throw Problem.usage(
                        Printable.cut(typed, 80) + " names one object and takes no query",
                        "search by studies, series or instances; or leave out the query");
            }
            if (searches) {
                return new Address(uri, search.group(3), search.group(1), search.group(2), null, true);
            }
            String level = object.group(3) != null ? "instances" : object.group(2) != null ? "series" : "studies";
            return new Address(uri, level, object.group(1), object.group(2), object.group(3), false);
        }
    }

    Listing(Session session, Progress progress, Download download) {
        this.session = session;
        this.progress = progress;
        this.download = download;
    }

    /** The addresses of {@code paths}, each search narrowed by {@code queries} and checked; sends nothing. */
    List<Address> addresses(List<String> paths, List<String> queries) {
        List<Address> addresses = new ArrayList<>();
        for (String path : paths) {
            URI resource = query(session.archive().resolve(path, queries)).address();
            addresses.add(Address.of(resource, session.archive().root(), path));
        }
        return addresses;
    }

    /** What {@code addresses} name and find, study by study; {@link Problem} if the archive ignores a key of one. */
    Collection<Selection> of(List<Address> addresses) {
        for (Address address : addresses) {
            query(address.uri()).requireMatched(session);
        }
        Map<String, Selection> studies = new LinkedHashMap<>();
        for (Address address : addresses) {
            if (address.searches()) {
                search(address, studies);
            } else {
                add(address, Map.of(), studies);
            }
        }
        return studies.values();
    }

    private void search(Address address, Map<String, Selection> studies) {
        progress.search(address.level());
        rows(address.uri(), row -> {
            boolean isNew = add(address, row, studies);
            if (isNew) {
                progress.found(address.level());
            }
            return isNew;
        });
    }

    /** Adds what {@code address} or a {@code row} of its result selects; false if that is nothing new. */
    private boolean add(Address address, Map<String, Object> row, Map<String, Selection> studies) {
        String study = address.study() != null ? address.study() : uid(row, STUDY, null);
        if (study == null) {
            return false;
        }
        Selection selection = studies.computeIfAbsent(study, Selection::new);
        if (address.level().equals("studies")) {
            return selection.addAll(number(row, INSTANCES_OF_STUDY));
        }
        String series = address.series() != null ? address.series() : uid(row, SERIES, selection);
        if (series == null) {
            return false;
        }
        if (address.level().equals("series")) {
            return selection.addSeries(series, number(row, INSTANCES_OF_SERIES));
        }
        String instance = address.instance() != null ? address.instance() : uid(row, INSTANCE, selection);
        return instance != null && selection.addInstance(new Instance(study, series, instance));
    }

    /** The instances that {@code selection} stands for. */
    Collection<Instance> instances(Selection selection) {
        Set<Instance> found = new LinkedHashSet<>(selection.instances());
        Collection<String> series = selection.series();
        if (selection.isWhole()) {
            series = isBySeries || !addInstances(selection, null, found) ? seriesOf(selection) : List.of();
        }
        for (String uid : series) {
            addInstances(selection, uid, found);
        }
        return found;
    }

    /** The UIDs of all series of a study, for a server that lists no instances of a study. */
    private List<String> seriesOf(Selection selection) {
        List<String> series = new ArrayList<>();
        String path = path(selection, null, "series");
        rows(session.archive().resolve(path, List.of()), row -> {
            String uid = uid(row, SERIES, selection);
            return uid != null && series.add(uid);
        });
        if (series.isEmpty() && selection.unusable().isEmpty()) {
            throw nothing(path);
        }
        // The study is there: what the server has no address for is this kind of list.
        isBySeries = true;
        return series;
    }

    private static String path(Selection selection, String series, String level) {
        return "studies/" + selection.study() + (series == null ? "/" : "/series/" + series + "/") + level;
    }

    /**
     * Adds the instances of {@code series}, null for all of the study, to {@code found}; false if a server other than
     * dcm4chee has no address for those of a whole study.
     */
    private boolean addInstances(Selection selection, String series, Set<Instance> found) {
        String path = path(selection, series, "instances");
        Paging paging = new Paging(session, query(session.archive().resolve(path, List.of())), JSON);
        Session.Reply first = paging.first();
        if (first.response().status() == 404
                && series == null
                && !session.archive().isDcm4chee()) {
            first.close();
            return false;
        }
        int before = selection.unusable().size();
        int count = rows(paging, first, row -> {
            String in = series != null ? series : uid(row, SERIES, selection);
            String uid = in == null ? null : uid(row, INSTANCE, selection);
            if (uid != null) {
                found.add(new Instance(selection.study(), in, uid));
            }
            return uid != null;
        });
        if (count == 0 && selection.unusable().size() == before) {
            throw nothing(path);
        }
        return true;
    }

    private Problem nothing(String path) {
        return Problem.refused(
                Http.authority(session.archive().url()) + " lists nothing at " + path,
                "is the UID right, and does the AE (--aet) show them?");
    }

    /** The size of {@code study} in bytes; -1 if the archive does not tell, as only dcm4chee does. */
    long size(String study) {
        if (session.archive().aet() == null) {
            return -1;
        }
        URI address = session.archive().resolve("studies/size?StudyInstanceUID=" + study, List.of());
        try (Response response = session.get(address, "application/json")) {
            return Long.parseLong(String.valueOf(Json.object(response.text()).get("size")));
        } catch (Problem | NumberFormatException untold) {
            return -1;
        }
    }

    private Query query(URI address) {
        return Query.of(session.archive(), address, null, null, session.clock());
    }

    /** Passes all results of the search at {@code address} to {@code to}; returns how many it could use. */
    private int rows(URI address, Predicate<Map<String, Object>> to) {
        Paging paging = new Paging(session, query(address), JSON);
        return rows(paging, paging.first(), to);
    }

    private int rows(Paging paging, Session.Reply first, Predicate<Map<String, Object>> to) {
        Rows rows = new Rows(to);
        try {
            paging.write(first.success(), rows);
        } catch (Problem problem) {
            if (!rows.isAny || problem.exit() == Exit.REFUSED) {
                throw problem;
            }
            // What was listed before is still downloaded.
            download.gap(problem);
        }
        return rows.taken;
    }

    /**
     * The UID that {@code row} has as {@code attribute}; null if it cannot be used, after reporting it and adding it to
     * {@code selection}, if there is one.
     */
    private String uid(Map<String, Object> row, String attribute, Selection selection) {
        String text = Level.text(row, attribute);
        String uid = text == null ? null : Instance.unpadded(text);
        if (Instance.isUid(uid)) {
            return uid;
        }
        if (Instance.isName(uid)) {
            download.oddUid(uid);
            return uid;
        }
        download.unusable(text, selection != null);
        if (selection != null) {
            selection.addUnusable(text);
        }
        return null;
    }

    private static int number(Map<String, Object> row, String attribute) {
        try {
            return Math.max(0, Integer.parseInt(String.valueOf(Level.text(row, attribute))));
        } catch (NumberFormatException unknown) {
            return 0;
        }
    }

    /** Passes on the rows of all pages, and counts those that can be used. */
    private static final class Rows implements ResultWriter {
        private final Predicate<Map<String, Object>> to;
        private boolean isAny;
        private int taken;

        Rows(Predicate<Map<String, Object>> to) {
            this.to = to;
        }

        @Override
        public void element(Object value, boolean isInArray) {
            isAny = true;
            Map<String, Object> row = Json.asObject(value);
            if (to.test(row == null ? Map.of() : row)) {
                taken++;
            }
        }
    }
}
