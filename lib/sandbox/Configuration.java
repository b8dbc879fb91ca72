//SOURCES ../json/Json.java ApplicationEntities.java Holdings.java Routes.java WebResponse.java

package lib.sandbox;

import module java.base;
import lib.json.Json;

/** A part of the archive's own configuration and status (wire/captures.md I, facts.md G9). */
record Configuration(ApplicationEntities entities, Holdings holdings, InstantSource clock) {
    private static final String DEVICE = "dcm4chee-arc";
    private static final String DEVICES = """
            [{"dicomDeviceName":"dcm4chee-arc","dicomManufacturer":"dcm4che.org",\
            "dicomManufacturerModelName":"dcm4chee-arc","dicomSoftwareVersion":["5.34.3","44ce4a0","2026-11-22"],\
            "dicomPrimaryDeviceType":["ARCHIVE"],"dicomInstalled":true,"hasArcDevExt":true},\
            {"dicomDeviceName":"keycloak","dicomInstalled":true,"dicomPrimaryDeviceType":["AUTH"],\
            "hasArcDevExt":false}]""";
    private static final String STORAGE = """
            [{"dcmStorageID":"fs1","dcmURI":"file:///storage/fs1/","dcmDigestAlgorithm":"MD5",\
            "dicomAETitle":["DCM4CHEE"],"usages":["dcmObjectStorageID"],"usableSpace":82372509696,\
            "totalSpace":270553174016}]""";

    void addTo(Routes routes) {
        routes.add("/aets", call -> call.chunked(Json.compact(aets())));
        routes.add("/devices", call -> call.chunked(DEVICES));
        routes.add("/storage", call -> call.chunked(STORAGE));
        routes.add(
                "/webapps",
                call -> call.chunked(Json.compact(webApplications(call.request().parameter("dcmWebServiceClass")))));
        routes.add("/monitor/associations", call -> call.chunked("[]"));
        routes.add("/monitor/serverTime", call -> call.json(Map.of("serverTimeWithTimezone", time())));
        for (String tasks : List.of("export", "retrieve", "stgver", "diff")) {
            routes.add("/monitor/" + tasks, call -> call.chunked("[]"));
            routes.add("/monitor/" + tasks + "/count", call -> call.json(Map.of("count", 0)));
            routes.add("/monitor/" + tasks + "/batch", call -> call.chunked("[]"));
        }
        routes.add(
                "/metrics",
                call -> WebResponse.text(
                        200, "application/octet-stream", "[{\"dcmMetricsName\":\"db-update-on-store\"}]"));
        routes.add("/ctrl/status", call -> call.json(Map.of("status", "STARTED")));
        routes.add("/modalities", call -> call.json(Map.of("Modalities", modalities())));
    }

    private List<Object> aets() {
        List<Object> list = new ArrayList<>();
        for (ApplicationEntities.Entity entity : entities.all()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("dicomAETitle", entity.title());
            json.put("dicomDescription", entity.description());
            if (entity.services().contains("QIDO_RS") && entity.hides()) {
                json.put("dcmHideNotRejectedInstances", true);
            }
            json.put("dcmAllowDeletePatient", "WITHOUT_STUDIES");
            json.put("dcmAllowDeleteStudyPermanently", "REJECTED");
            list.add(json);
        }
        return list;
    }

    private List<Object> webApplications(String service) {
        List<Object> list = new ArrayList<>();
        for (ApplicationEntities.Entity entity : entities.all()) {
            if (service == null || entity.services().contains(service)) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("dicomDeviceName", DEVICE);
                json.put("dcmWebAppName", entity.title());
                json.put("dicomDescription", entity.description());
                json.put("dcmWebServicePath", Routes.Call.CONTEXT + "/aets/" + entity.title() + "/rs");
                json.put("dcmWebServiceClass", entity.services());
                json.put("dicomAETitle", entity.title());
                list.add(json);
            }
        }
        return list;
    }

    private String time() {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ")
                .format(clock.instant().atOffset(ZoneOffset.UTC));
    }

    private List<String> modalities() {
        return holdings.index().patients().stream()
                .flatMap(patient -> patient.children().stream())
                .flatMap(study -> Stream.of(study.value("ModalitiesInStudy").split("\\\\")))
                .filter(modality -> !modality.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }
}
