//SOURCES Answers.java ApplicationEntities.java Attribute.java Call.java DicomFile.java Holdings.java MediaTypes.java
//SOURCES Response.java Routes.java Search.java SearchResults.java StudyIndex.java

package lib.sandbox;

import java.util.List;
import java.util.Map;

/** QIDO-RS and what counts its results (wire/captures.md C-E; facts.md B4-B5). */
record Queries(ApplicationEntities entities, Holdings holdings) {

    void addTo(Routes routes) {
        routes.add("/aets/{aet}/rs/studies/size", this::size);
        add(routes, "patients", Attribute.Level.PATIENT);
        add(routes, "studies", Attribute.Level.STUDY);
        add(routes, "series", Attribute.Level.SERIES);
        add(routes, "instances", Attribute.Level.INSTANCE);
        add(routes, "studies/{study}/series", Attribute.Level.SERIES);
        add(routes, "studies/{study}/instances", Attribute.Level.INSTANCE);
        add(routes, "studies/{study}/series/{series}/instances", Attribute.Level.INSTANCE);
    }

    private void add(Routes routes, String path, Attribute.Level level) {
        routes.add("/aets/{aet}/rs/" + path, call -> found(call, level));
        routes.add("/aets/{aet}/rs/" + path + "/count", call -> counted(call, level));
    }

    private Response counted(Call call, Attribute.Level level) throws Search.Invalid {
        Search search = new Search(level, call.uids(), call.request());
        Response refusal = entities.refusal(call, "QIDO_COUNT");
        return refusal == null
                ? Answers.json(call, Map.of("count", matches(search, call).size()))
                : refusal;
    }

    private Response size(Call call) throws Search.Invalid {
        Search search = new Search(Attribute.Level.STUDY, call.uids(), call.request());
        Response refusal = entities.refusal(call, "QIDO_COUNT");
        if (refusal != null) {
            return refusal;
        }
        long bytes = 0;
        for (StudyIndex.Item study : matches(search, call)) {
            for (StudyIndex.Item instance : Holdings.instances(study)) {
                bytes += holdings.file(instance, DicomFile.EXPLICIT).size();
            }
        }
        return Answers.json(call, Map.of("size", bytes));
    }

    private Response found(Call call, Attribute.Level level) throws Search.Invalid {
        Search search = new Search(level, call.uids(), call.request());
        Response refusal = entities.refusal(call, "QIDO_RS");
        if (refusal != null) {
            return refusal;
        }
        MediaTypes accepted = MediaTypes.of(call.request());
        boolean json = accepted.accept("application/dicom+json") || accepted.accept("application/json");
        boolean xml = accepted.acceptMultipart("application/dicom+xml");
        if (!json && !xml && !accepted.accept("text/csv")) {
            return Response.empty(406).with("Vary", "Accept");
        }
        ApplicationEntities.Entity entity = entities.of(call);
        List<StudyIndex.Item> matches = matches(search, call);
        if (entity.bound() >= 0 && matches.size() > entity.bound()) {
            return Answers.error(
                    413,
                    "Request entity too large. Query count exceeds configured Query Max Number of Results, "
                            + "narrow down search using query filters.");
        }
        List<StudyIndex.Item> rest = matches.subList(Math.min(search.offset(), matches.size()), matches.size());
        int most = entity.most() < 0 ? search.limit() : Math.min(entity.most(), search.limit());
        List<StudyIndex.Item> page = rest.subList(0, Math.min(most, rest.size()));
        if (page.isEmpty()) {
            return Response.empty(204);
        }
        SearchResults results = new SearchResults(search, page, call.webApplication());
        char delimiter = "semicolon".equals(accepted.parameter("delimiter")) ? ';' : ',';
        Response response = json ? results.json() : xml ? results.xml() : results.csv(delimiter);
        boolean capped = page.size() < rest.size() && page.size() < search.limit();
        return (capped ? response.with("Warning", warning(call, rest.size() - page.size())) : response)
                .with("Cache-Control", "no-cache");
    }

    private static String warning(Call call, int more) {
        return "299 " + call.request().header("Host") + " \"There are " + more
                + " additional results that can be requested\"";
    }

    private List<StudyIndex.Item> matches(Search search, Call call) {
        return entities.of(call).hides() ? List.of() : holdings.matches(search);
    }
}
