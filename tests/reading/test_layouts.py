import pytest

from leadanalytics.errors import ReadError
from leadanalytics.reading import detect_layout, load_layouts
from leadanalytics.reading.layouts import fold, squeeze

AZURE_TABLE = ["PartitionKey", "RowKey", "Timestamp", "ActionCode", "CustomerInfo", "LeadSource"]


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        (AZURE_TABLE, "azure_table"),
        (["ActionCode", "ActionCode@type", "CustomerInfo", "CustomerInfo@type"], "azure_table"),
        (["userDetails", "leadSource", "offerTitle"], "https"),
        (["Title", "FirstName", "LeadSource", "ActionCode", "Created"], "https_flat"),
        (["Title", "FirstName", "LeadSource", "ActionCode", "Created", "Created By"], "sharepoint_list"),
        (["(Do Not Modify) Lead", "Topic", "Full Name"], "dynamics365"),
        (["leadid", "subject", "telephone1"], "dynamics365_api"),
        (["Referral ID", "Lead Source", "Call to action"], "partner_center"),
        (["lead_id_pk", "lead_source", "lead_status"], "aws_leads"),
        (["Company Name", "Contact Business Title", "Contact Email"], "aws_lead_import"),
        (["Record ID", "Email", "Lead Status", "Contact owner"], "hubspot"),
        (["company", "email", "lead_source", "oid"], "salesforce_web_to_lead"),
        (["First Name", "Last Name", "Company / Account", "Lead Source"], "salesforce"),
        (["id", "firstName", "lastName", "email", "leadSource", "createdAt"], "marketo_api"),
        (["Email Address", "Last Name", "Person Source"], "marketo"),
        (["ID", "FIRSTNAME", "LASTNAME", "COMPANY", "LEADSOURCE", "CREATEDDATE"], "salesforce_api"),
        (["record_id", "lead_source", "created"], "leadanalytics"),
        (["record_id", "created_at", "source", "action", "stage", "email"], "leadanalytics"),
        (["rec_id", "FirstName", "LastName", "Email", "Phone", "CreatedTime"], "plain"),
        (["Lead Source", "Created On", "Email", "First Name", "Last Name", "Company"], "plain"),
    ],
)
def test_columns_prove_their_layout(columns, name):
    assert detect_layout(columns).name == name
    assert detect_layout([f'\ufeff" {column.upper()}\xa0"' for column in columns]).name == name


@pytest.mark.parametrize(
    "columns",
    [
        ["Lead Source", "Email", "Colour"],
        ["Email", "Colour"],
        ["customer_id", "first_name", "email", "furthest_stage", "record_ids"],
        [],
    ],
)
def test_columns_that_prove_nothing_are_never_guessed(columns):
    with pytest.raises(ReadError, match="the nearest layout is"):
        detect_layout(columns)


def test_columns_of_two_layouts_are_an_error_that_shows_both():
    with pytest.raises(ReadError, match=r"'marketo_api' .by 'email',.* and 'salesforce_api' .by 'LastName'.*--layout"):
        detect_layout(["Id", "FirstName", "LastName", "Company", "Email", "LeadSource"])


def test_a_lead_source_is_searched_in_the_named_columns_first_and_then_in_all_others():
    (crm,) = (layout for layout in load_layouts() if layout.name == "dynamics365")
    assert crm.search_plan(["Owner", "Description", "Topic"]) == [2, 1, 0]


def test_a_path_is_matched_by_its_last_part():
    (https,) = (layout for layout in load_layouts() if layout.name == "https_flat")
    columns = ["body/LeadSource", "body/ActionCode", "body/UserDetails/FirstName", "body/UserDetails/Email"]
    plan = https.plan(columns)
    assert {name: columns[places[0]] for name, places in plan.items()} == {
        "lead_source": "body/LeadSource",
        "action_code": "body/ActionCode",
        "first_name": "body/UserDetails/FirstName",
        "email": "body/UserDetails/Email",
    }


def test_the_title_of_a_sharepoint_list_is_not_the_job_title():
    (flat,) = (layout for layout in load_layouts() if layout.name == "https_flat")
    columns = ["Title", "JobTitle", "LeadSource", "ActionCode"]
    assert flat.plan(columns)["title"] == [1]
    assert flat.plan(["Title", "LeadSource", "ActionCode"])["title"] == [0]


def test_names_are_folded():
    assert fold("\ufeff'Lead \xa0 Source'") == "lead source"


def test_a_squeezed_name_has_no_accents_blanks_or_signs():
    assert squeeze("\ufeff E-Mail\u00a0(geschäftlich)") == "emailgeschaftlich"
    assert squeeze("Prénom") == squeeze("PRENOM") == squeeze("Pre\u0301nom")
    assert squeeze("ﾒｰﾙ") == squeeze("メール") != ""


SERVED = ["lead_source", "created", "email", "first_name", "last_name", "company", "phone", "country", "title"]
HEADINGS = [
    "Lead Source, Created On, Email, First Name, Last Name, Company, Phone, Country/Region, Job Title",
    "lead_source, CREATED-DATE, E-mail, firstname, last-name, company_name, Telephone, country, job title",
    "Leadquelle, Erstellt am, E-Mail-Adresse, Vorname, Nachname, Firma, Telefon, Land/Region, Position",
    "Origine du prospect, Créé le, Adresse e-mail, Prénom, Nom, Société, Téléphone, Pays/Région, Fonction",
    "Origen del prospecto, Fecha de creacion, Correo electrónico, Nombre, Apellidos, Empresa, Teléfono, País, Puesto",
    "Origem do lead, Criado em, E-mail, Nome, Sobrenome, Nome da empresa, Telefone, País, Cargo",
    "Origine lead, Data creazione, Indirizzo e-mail, Nome, Cognome, Azienda, Telefono, Paese, Qualifica",
    "Leadbron, Gemaakt op, E-mailadres, Voornaam, Achternaam, Bedrijf, Telefoon, Land, Functie",
    "Źródło leada, Data utworzenia, Adres e-mail, Imię, Nazwisko, Nazwa firmy, Telefon, Kraj, Stanowisko",
    "リードソース, 作成日, メールアドレス, 名, 姓, 会社名, 電話番号, 国, 役職",
    "线索来源, 创建时间, 电子邮件, 名, 姓, 公司名称, 电话, 国家/地区, 职务",
    "리드 소스, 만든 날짜, 이메일, 이름, 성, 회사명, 전화번호, 국가, 직함",
]


@pytest.mark.parametrize("headings", HEADINGS)
def test_the_usual_headings_serve_in_any_spelling_and_several_languages(headings):
    columns = headings.split(", ")
    layout = detect_layout(columns)
    assert layout.name == "plain"
    assert {target: columns[places[0]] for target, places in layout.plan(columns).items()} == dict(zip(SERVED, columns))


def test_no_heading_serves_two_fields():
    (plain,) = (layout for layout in load_layouts() if layout.name == "plain")
    names = [squeeze(name) for serving in plain.columns.values() for name in dict.fromkeys(map(squeeze, serving))]
    assert len(names) == len(set(names))
