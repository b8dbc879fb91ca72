//SOURCES ApplicationEntities.java Attribute.java DataSet.java DicomFile.java Holdings.java Routes.java Search.java
//SOURCES StudyIndex.java WebResponse.java

package lib.sandbox;

import module java.base;

/** QIDO-RS, and the counts and sizes of its results (wire/captures.md C-E; facts.md B4-B5). */
record Qido(ApplicationEntities entities, Holdings holdings) {
    void addTo(Routes routes) {
        routes.add("/aets/{aet}/rs/studies/size", this::size);
        add(routes, "patients", Attribute.Level.PATIENT);
        add(routes, "studies", Attribute.Level.STUDY);
        add(routes, "series", Attribute.Level.SERIES);
        add(routes, "instances", Attribute.Level.INSTANCE);
        add(routes, "studies/{StudyInstanceUID}/series", Attribute.Level.SERIES);
        add(routes, "studies/{StudyInstanceUID}/instances", Attribute.Level.INSTANCE);
        add(routes, "studies/{StudyInstanceUID}/series/{SeriesInstanceUID}/instances", Attribute.Level.INSTANCE);
        addEmpty(routes, "mwlitems", "MWL_RS");
        addEmpty(routes, "mpps", "MPPS_RS");
        addEmpty(routes, "workitems", "UPS_RS");
    }

    // Worklists, which are always empty (facts.md G9).
    private void addEmpty(Routes routes, String path, String service) {
        String all = "/aets/{aet}/rs/" + path;
        routes.add(all, call -> empty(call, service, WebResponse.empty(204)));
        routes.add(all + "/count", call -> empty(call, service, call.json(Map.of("count", 0))));
    }

    private WebResponse empty(Routes.Call call, String service, WebResponse answer) throws Search.Invalid {
        new Search(Attribute.Level.PATIENT, Map.of(), call.request());
        WebResponse refusal = entities.refusal(call, service);
        return refusal == null ? answer : refusal;
    }

    private void add(Routes routes, String path, Attribute.Level level) {
        routes.add("/aets/{aet}/rs/" + path, call -> found(call, level));
        routes.add("/aets/{aet}/rs/" + path + "/count", call -> counted(call, level));
    }

    private WebResponse counted(Routes.Call call, Attribute.Level level) throws Search.Invalid {
        Search search = new Search(level, call.uids(), call.request());
        WebResponse refusal = entities.refusal(call, "QIDO_COUNT");
        return refusal == null ? call.json(Map.of("count", matches(search, call).size())) : refusal;
    }

    private WebResponse size(Routes.Call call) throws Search.Invalid {
        Search search = new Search(Attribute.Level.STUDY, call.uids(), call.request());
        WebResponse refusal = entities.refusal(call, "QIDO_COUNT");
        if (refusal != null) {
            return refusal;
        }
        long bytes = 0;
        for (StudyIndex.Item study : matches(search, call)) {
            for (StudyIndex.Item instance : Holdings.instances(study)) {
                bytes += holdings.file(instance, DicomFile.EXPLICIT).size();
            }
        }
        return call.json(Map.of("size", bytes));
    }

    private WebResponse found(Routes.Call call, Attribute.Level level) throws Search.Invalid {
        Search search = new Search(level, call.uids(), call.request());
        WebResponse refusal = entities.refusal(call, "QIDO_RS");
        if (refusal != null) {
            return refusal;
        }
        Routes.Accepted accepted = call.accepted();
        if (!accepted.accept("application/dicom+json") && !accepted.accept("application/json")) {
            return WebResponse.empty(406).with("Vary", "Accept");
        }
        ApplicationEntities.Entity entity = entities.of(call);
        List<StudyIndex.Item> matches = matches(search, call);
        if (entity.bound() >= 0 && matches.size() > entity.bound()) {
            return Routes.error(
                    413,
                    "Request entity too large. Query count exceeds configured Query Max Number of Results, "
                            + "narrow down search using query filters.");
        }
        List<StudyIndex.Item> rest = matches.subList(Math.min(search.offset(), matches.size()), matches.size());
        int most = entity.most() < 0 ? search.limit() : Math.min(entity.most(), search.limit());
        List<StudyIndex.Item> page = rest.subList(0, Math.min(most, rest.size()));
        if (page.isEmpty()) {
            return WebResponse.empty(204);
        }
        Collection<Attribute> returned = search.returned();
        WebResponse response = WebResponse.list(
                page,
                item -> dataSet(search, item, returned, call.webApplication()).json());
        boolean capped = page.size() < rest.size() && page.size() < search.limit();
        return (capped ? response.with("Warning", warning(call, rest.size() - page.size())) : response)
                .with("Cache-Control", "no-cache");
    }

    private static String warning(Routes.Call call, int more) {
        return "299 " + call.request().header("Host") + " \"There are " + more
                + " additional results that can be requested\"";
    }

    private List<StudyIndex.Item> matches(Search search, Routes.Call call) {
        return entities.of(call).hides() ? List.of() : holdings.matches(search);
    }

    private static DataSet dataSet(
            Search search, StudyIndex.Item item, Collection<Attribute> returned, String webApplication) {
        Map<Attribute, String> elements = new LinkedHashMap<>();
        for (Attribute attribute : returned) {
            String value = attribute.level() == Attribute.Level.ANY
                    ? common(attribute, item, webApplication)
                    : attribute.level().compareTo(item.level()) > 0 ? "" : item.value(attribute);
            if (value != null && (!value.isEmpty() || !search.leavesOutEmpty())) {
                elements.put(attribute, value);
            }
        }
        return new DataSet(elements);
    }

    // A patient cannot be retrieved; null omits the attribute.
    private static String common(Attribute attribute, StudyIndex.Item item, String webApplication) {
        boolean patient = item.level() == Attribute.Level.PATIENT;
        return switch (attribute.keyword()) {
            case "RetrieveAETitle" -> patient ? "" : "DCM4CHEE";
            case "InstanceAvailability" -> patient ? "" : "ONLINE";
            case "RetrieveURL" -> patient ? null : webApplication + item.path();
            default -> item.value(attribute);
        };
    }
}
